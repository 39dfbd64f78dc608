"""Words that tell what a name near them is, and those that are none. Of our own making; all in lower case."""

SMALL = frozenset(
    """
    a an and are as at be but by can do for from had has have he her his how i if in into is it its just like may
    more most my no not of off on one only or our out over per she should so some such than that the their them then
    there these they this those to under up upon us via was we were what when where which while who why will with
    within without would yet you your
    """.split()
)
JOINERS = frozenset("of for the and & de del della der den di du la le van von to in on a an with from at by".split())
"""What may stand small inside a title."""
NAME_JOINERS = frozenset("of & de del della der den di du la le van von".split())
"""What may stand small inside a name."""

TOOL_NOUNS = frozenset(
    """
    api apis app apps bot browser ci cli client cloud code compiler container containers crate dashboard database
    databases distribution distro driver drivers editor emulator engine extension extensions format framework
    frameworks function functions generator hub ide ides image images integration interpreter lakehouse language
    languages layer libraries library linter model models module modules notebook notebooks orchestrator package
    packages platform platforms plugin plugins protocol provider repo repository runtime scheduler script scripts
    sdk sdks server servers service services software spreadsheet spreadsheets stack standard store suite syntax
    terminal tool toolkit toolkits tools tracker utility warehouse website wrapper
    """.split()
)
"""What tools are: behind a name, before one, or before a list of names."""
TERM_NOUNS = frozenset(
    """
    activation algorithm algorithms analysis approach approaches architecture architectures cell cells classifier
    classifiers clustering coefficient coefficients concept concepts distance distribution distributions equation
    error errors format formats formula function functions law layer layers loss mechanism method methods metric
    metrics model modeling models network networks norm optimizer optimizers principle problem procedure process
    regression rule score scores search standard standards statistic strategies strategy task tasks technique
    techniques test tests theorem theory transform transformation tuning unit units
    """.split()
)
RESOURCE_NOUNS = frozenset(
    """
    article articles audiobook audiobooks bestseller blog blogs book books bootcamp bootcamps certificate
    certification certifications channel chapter class classes course courses curriculum degree diploma documentary
    edition essay film films guide handbook lecture lectures lessons magazine manga manual memoir mooc moocs movie
    movies nanodegree newsletter newspaper novel novels paper papers playlist podcast podcasts report seminar series
    show specialization specializations syllabus textbook textbooks trilogy tutorial tutorials video videos webinar
    workbook workshop
    """.split()
)
"""What books, courses and the like are."""
LIST_WORDS = frozenset("like as including include includes namely using eg e.g e.g. through via with use uses".split())
USES = frozenset(
    """
    adopt adopted and as built by called deploy deployed deploying for import importing in install installed
    installing integrate integrates integrating leverage leverages leveraging like named offers on or powered
    provides run running runs support supporting supports than through to use used uses using versus via vs with
    written
    """.split()
)
ANSWERS = frozenset(
    """
    allows applies automates builds combines delivers enables excels features generates gives handles helps includes
    integrates lets manages offers performs provides relies replaces requires runs ships simplifies stores supports
    uses works
    """.split()
)
"""What a thing does that is named."""
SAYS = frozenset(
    """
    argued argues believed believes born described describes died discovered discussed discusses explained explains
    founded grew invented joined joins knew married recalls recommends said says shared shares talked talks taught
    teaches thinks thought wanted writes wrote
    """.split()
)
"""What people do."""
HONORIFICS = frozenset(
    "dr mr mrs ms prof professor sir lord lady king queen president saint st captain general".split()
)
MEETS = frozenset("guest guests host hosts hosted interview interviewed author authors professor engineer by".split())
"""What stands before the name of a person."""
ROLES = frozenset(
    "author researcher professor engineer scientist founder co-founder ceo cto director historian lecturer".split()
)
TITLE_ENDINGS = RESOURCE_NOUNS - {"channel", "film", "movie", "series", "show", "class", "report", "article", "chapter"}
BOOK_WORDS = frozenset("read reading see book books novel textbook watch listen recommended check course guide".split())

WORK_HOSTS = frozenset(
    """
    arxiv audible coursera deeplearning edx goodreads khanacademy leanpub manning mitpress nostarch ocw oreilly packtpub
    pragprog springer udacity udemy wiley
    """.split()
)
"""Parts of the names of hosts where books, papers and courses are."""
NO_WORKS = frozenset(
    "account cookie cookies download here job jobs login merch policy poster privacy shop sign terms us".split()
)
"""Words of what is linked and is no work."""
NO_NAMES = frozenset(
    """
    ad ai's aka am asap bc bce ce ceo ceos cfo cmo coo covid cto cv diy dj dm dob dvd eta etc euro faq faqs fm fyi
    gmt god hr i i'd i'll i'm i've ii iii im imo ios ip it iv ix llc lol lp ma mc mc's min mr mrs ms msc n/a na nb
    no nr oh ok okay p.m phd phds plc pm pr ps pst q&a qa r&d rip rsvp s/o sec tba tbd tv u.k u.s uk un us usd utc
    vi vii viii vip vp vps vs wip wow x xi xii yes
    """.split()
)
"""Capitals that name nothing a knowledge base explains."""
EDITIONS = frozenset(
    """
    basic beta business community core enterprise free full large lite max medium micro mini nano next plus premium pro
    professional small standard starter team turbo ultra xl
    """.split()
)
"""What makers call the sizes and editions of a product: no name without the product's."""
COUNTED = frozenset(
    """
    act appendix article book case chapter chapters class course day days episode episodes example exercise figure grade
    group item layer lecture lesson level line module no number page part period phase point question rank round rule
    season section series session stage step table task test tier tip type unit version volume week weeks year
    """.split()
)
"""What is counted: a number behind it makes no name of it."""
MARKUP_WORDS = frozenset(
    """
    appendix article audio author blog bonus caption chapter checklist conclusion contents copyright credits
    description disclaimer discord download edition email episode episodes facebook faq feedback figure follow
    footnote guest guests home homework host instagram intro introduction key keynote lecture lesson link linkedin
    links listen live mail media music newsletter note notes outline overview page part patreon pdf podcast preview
    quiz recap recording references resource resources season section show slide slides spotify subscribe summary
    support table takeaway takeaways thread tip tips title todo topic topics trailer transcript twitter update
    useful video website week welcome youtube
    """.split()
)
"""Words of headings, labels and buttons."""
SITES = frozenset(
    """
    amazon apple bsky buymeacoffee discord eventbrite facebook feedburner instagram ko-fi libsyn linkedin mailchimp
    mastodon medium megaphone patreon paypal podbean reddit shopify soundcloud spotify stitcher substack t.co
    telegram threads tiktok tunein twitch twitter whatsapp x youtu youtube
    """.split()
)
"""Hosts that links lead to for everybody's sake: what the link is called says nothing of the host."""

TERMS = frozenset(
    """
    agi ai ajax ann api ascii asr atm auc bert bi bpe cdn cgi ci cli cms cnn cpu crm crud csr css csv ctr dag ddos
    devops dfs dl dna dns dom dpo dsl eda elt erp etl fft fpga fps ftp gan gdp gdpr gis gnn gps gpu gru gui hdd hdr
    hmm html http https iac ide ietf iot ipc iso jit json jwt kpi lan lda led llm loc lora lsp lstm lte mae mcp ml
    mlops mlp mmo moe mse mvc mvp nat ner nfc nfs nft nlg nlp nlu nn nosql npc ocr oop orm os pca pcb pii png poc
    pos ppo qps rag ram rdf rest rfc rfid rgb rl rlhf rmse rnn roc roi rom rpc rss rtf saas sdk seo sgd sla sql ssd
    ssh ssl sso stem stt svd svg svm tcp tdd tls toc tpu tsv tts udp ui uml uri url usb utf uuid uv ux vae vfx vlm
    vm vpc vpn vr vram wan wifi wysiwyg xml yaml
    """.split()
)
"""Abbreviations of terms, as against those of products."""
KINDS_OF_TERM = frozenset(
    """
    algorithm chain chains clustering coefficient constant curve distance distribution divergence effect equation
    experiment fallacy filter hypothesis inference kernel law limit loss matrix norm number optimization optimizer
    paradox principle problem process regression rule score search syndrome test theorem theory transform unit
    """.split()
)
"""What follows a name that is a term together with it: Euclidean distance."""
ENDINGS = frozenset("ai app cloud com cpp dev fm gg gl ht io js land me net org py sh so studio tv xyz".split())
"""What a name with a point inside may end in; any other is that of a file, or a piece of code."""
