"""The vocabulary of generated corpora: phrases about data and machine learning, in our own words."""

SUBJECTS = tuple(
    "Feature Stores,Model Monitoring,Language Modelling,Speech Recognition,Image Segmentation,Fraud Detection,"
    "Recommendation,Forecasting,Experiment Tracking,Data Labelling,Anomaly Detection,Reinforcement Learning,"
    "Graph Learning,Search Ranking,Model Compression,Causal Inference,Data Contracts,Stream Processing,"
    "Capacity Planning,Active Learning".split(",")
)
QUALIFIERS = tuple(
    "Practical,Online,Batch,Distributed,Robust,Private,Embedded,Multilingual,Interpretable,Low-Latency,"
    "Weakly Supervised,Federated,Bayesian,Serverless,Offline,Adaptive".split(",")
)
TOOL_HEADS = tuple(
    "Grid,Lumen,Quill,Harbor,Tensor,Cobalt,Vector,Marble,Beacon,Cinder,Drift,Ember,Fathom,Garnet,Helix,Indigo,Juniper,"
    "Kestrel,Larch,Meridian,Nimbus,Onyx,Pivot,Quartz,Ripple,Sable,Timber,Umbra,Verge,Willow,Xenon,Yarrow,Zephyr,Anvil,"
    "Breeze,Copper,Delta,Echo,Falcon,Glacier".split(",")
)
TOOL_TAILS = tuple(
    "forge,board,stack,base,flow,ml,lake,kit,cast,sift,hub,mesh,trace,pipe,query,store,label,serve,watch,shard".split(
        ","
    )
)
CATEGORIES = (
    "Orchestration",
    "Storage",
    "Serving",
    "Training",
    "Labelling",
    "Monitoring",
    "Notebooks",
    "Search",
    "Other",
)
TERM_HEADS = tuple(
    "gated,sparse,latent,residual,masked,contrastive,causal,stratified,cyclic,weighted,ordinal,nested,marginal,shifted,"
    "pooled,truncated,hierarchical,recurrent,stochastic,convex,additive,spectral,paired,rolling,bounded,calibrated,"
    "quantised,shared,synthetic,delayed".split(",")
)
TERM_TAILS = tuple(
    "attention,sampling,embedding,projection,loss,prior,gradient,window,encoder,estimate,kernel,partition,reward,margin,"
    "schedule,objective,threshold,baseline,cohort,ensemble,activation,tokeniser,checkpoint,likelihood,regression,"
    "clustering,imputation,annotation,penalty,holdout".split(",")
)
RESOURCE_FORMS = (
    ("{q} {s}: A Working Guide", "book"),
    ("A First Course in {q} {s}", "course"),
    ("{s} in the Field: {q} Methods", "video"),
    ("Notes on {q} {s}", "article"),
    ("The {q} {s} Handbook", "book"),
)
PLACES = tuple(
    "a hospital network,a bus company,two web shops,a weather office,a bank's call centre,a recycling plant,a small "
    "publisher,a regional railway,a language school,a power grid operator,a seed bank,a parcel depot".split(",")
)
TEAMS = tuple(
    "the platform team,two analysts,the on-call engineer,a research group,the product side,a reviewer,most newcomers,"
    "the operations desk".split(",")
)
THINGS = tuple(
    "the nightly job,the labelling queue,the training set,the dashboard,the held-out month,the request log,the cost "
    "report,the rollback plan,the schema,the error budget,the first prototype,the cache".split(",")
)
VERBS = tuple(
    "moves,checks,replaces,splits,explains,measures,shortens,rebuilds,freezes,compares,protects,outgrows".split(",")
)
EFFECTS = tuple(
    "which halves the waiting time,so that nobody guesses twice,though it costs a day of set-up,"
    "and the alerts fall quiet,until the season turns,"
    "which few teams budget for,so a rollback takes minutes,and the numbers finally agree,"
    "though only on weekdays,which the audit later praised".split(",")
)
LABELS = tuple("Goal,Data,Cost,Trade-off,Set-up,Failure,Metric,Schedule,Owner,Alternative,Lesson,Next step".split(","))
HEADINGS = tuple(
    "Why {s} is back on the table,What {place} tried,The data behind it,Choosing between tools,A short history,"
    "Costs and limits,How {team} works now,Where it breaks,Measuring success,What to read next,Open questions,"
    "From prototype to service".split(",")
)
SENTENCES = (
    "At {place}, {team} {verb} {thing} with {name}, {effect}.",
    "{name} {verb} {thing} before anything else, {effect}.",
    "Anyone who starts with {name} soon meets {name2}, {effect}.",
    "The case for {name} is plain: it {verb} {thing}, {effect}.",
    "{Team} had tried {name} in spring and gone back to {name2} by autumn.",
    "None of this needs {name} as long as {thing} stays small.",
    "Between {name} and {name2}, {place} chose whichever {verb} {thing}.",
    "Nobody at {place} looked at {thing} for a month, {effect}.",
    "It {verb} {thing} twice a day, {effect}.",
    "{Team} now {verb} {thing} by hand on Fridays, {effect}.",
    "A good rule from {place}: keep {thing} apart from whatever {verb} it.",
)
REFERENCES = (
    "We went through the basics in {reference}.",
    "For the longer story see {reference}.",
    "This builds on {reference}, which is worth hearing first.",
    "Compare it with what {reference} says about {thing}.",
)
