"""Ordinary English words: a name that is one of them, written small, is more likely the word than the name.

The list needn't be complete: an entry can always say more (`match` in its knowledge file). It holds the base forms of
everyday words and of words that products, books and people are called after; endings are taken off before looking.
"""

_WORDS = frozenset(
    """
a about above accept access accord account ace across act action active actor adapt add address admit advance advanced
adventures advice affair after again against age agent ago agree aid aim air alarm albert album alert algebra
algorithm alias alike alive all allow alloy almost alone along alpha already also alter always amaze amber among
amount analysis analytics anchor and angel angle angry animal ant antenna any apart apex appeal appear apple
application apply arc arcade arch archer area arena argue argument arm armor army around arrange array arrow art
article artificial artist as ash ask aspect assembly asset assist assistant at atlas atom atomic attach attack attempt
attend attention audience aura author auto automation autumn avail avenue average avoid awake award aware away axe
axiom axis baby back backbone backdrop bad badge bag bail bake balance ball ballet bamboo band bang bank bar bard bare
bark barrel base basic basin basket bass bat batch bath battery battle bay bayesian be beacon beam bean bear beast
beat beautiful beauty become bed bee beetle before begin beginner behind being belief believe bell bellow below belt
bench bend benefit bert best beta better between beyond bias bicycle big bike bill bind bird birth bit bite bitter
black blade blame blank blast blaze bless bleu blind blink bliss block blood bloom blow blue blueprint board boat body
boil bold bolt bond bone bonfire book boom boost boot border bore born borrow boss bot both bottle bottom bounce bound
bow bowl box boy brain branch brand brass brave bread break breakfast breath breeze brick bridge brief bright bring
broad broke broker bronze brother brown browse browser brush bubble bucket bud budget buffer bug build bulb bulk bull
bullet bundle bunny burn burrow burst bus bush business busy but butter butterfly button buy by bye byte cabin cabinet
cable cactus cake calculus calendar call calm camel camera camp can canary candle candy canvas cap capital captain
capture car carbon card care career cargo carrot carry cart cascade case cash cast castle cat catalog catalyst catch
category causal cause caution cave cease cedar ceiling celery cell center central centre century ceremony chain chair
chalk challenge champion chance change channel chapter character charge charm chart chase chat cheap check cheer
cheese chef cherry chess chest chicken chief child chill chip chisel choice choose chop chroma chrome chunk church
circle circuit circus city claim clap clarity class classic classification clay clean clear clever client cliff
climate climb cline clinic clip clock clone close cloth cloud clover club clue cluster clustering coach coal coast
coat cobalt cobra code coffee cognitive cohere coin cold collect college color colour column comb combine come comet
comfort command comment commit common compact company compare compass compete complete complex compose composer
comprehensive compress computation computational compute computer computing con concept concern concert concrete
condition condor conduct cone confirm connect consider console constant construct consul consume contact contain
container contest context continue contract control converge cook cookie cool copilot copper copy coral cord core cork
corn corner corpus correct cosmos cost cotton couch could council count counter country couple courage course court
cover cow crab craft crane crash crater crawl crazy cream create creator creature credit creek crew cricket crime
crisis critic crop cross crow crowd crown cruise crush cry crystal cube cue cup curator cure curious current curse
cursor curve custom cut cute cycle cypress dad daily dance danger dare dark dart dash data database dataset date dawn
day dead deal dean dear death debate debt decide deck deep deer default defeat defend defense define definitive degree
delay deliver delta demand demo den deny depend deployment depth derive desert design desire desk destiny destruction
detail detect develop device devil dew dial diamond die diet differ difficult dig digest digit digital dim dime dine
dinner dip direct director dirt disc disco discord discover discrete dish disk display distance dive divide do dock
doctor dog doll dolly dolphin domain dome domino donkey door dot double doubt dough dove down draft drag dragon drain
drama draw drawing dream dress drift drill drink drive driver drone drop drum dry duck due dull dummies dump duplicate
dust duty dwarf dynamic each eager eagle ear early earn earth ease east easy eat echo eclipse economics edge edit
editor effect effort egg eight either elastic elbow electric electron element elephant elite elmo else ember emerald
emerge emotion emotional emperor empire empty enable end ending enemy energy engage engine engineer engineering
enhance enigma enjoy enough enter entire entity entry envoy envy epic epoch equal equip era erase error escape essay
essence essential estate eternal ethics evaluation even event ever evergreen every evidence evil evolve exact exam
example exceed excel excellent except exchange excite execute exercise exhibit exist exit expand expect expert explain
explode exploit explore explorer export expose express extend extra eye fable fabric face fact factor factory fade
fail fair fairy faith falcon fall false fame family famous fan fancy far farm fashion fast fat fate father fault favor
favour fear feast feather feature feed feedback feel fellow fence fern ferret few fiber fiction field fig fight figure
file fill film filter final finance find fine finger finish fire firefly firm first fish fit five fix flag flame
flamingo flash flat flavor fleet flesh flex flexible flight flint flip float flock flood floor flow flower flu fluent
fluid flush flute fly focus fog fold folk follow food fool foot for forbid force forecasting forest forge forget fork
form formal format former formula fort forth fortune forum forward foster foundation founder fountain four fox
fraction fragment frame framework free freedom freeze freight frequent fresh friend frog from front frost fruit fuel
full fun function fund fundamental funny fur furnace fuse fusion future gain galaxy gale gallery game gang gap garage
garden garlic gas gate gateway gather gauge gauss gear gem gene general generate generation generator genesis genie
genius gentle geometry ghost giant gibbon gift ginger giraffe girl git give glacier glad glance glass glide glitch
global globe glory glove glow glue go goal goat god gold golden good goose gopher gorilla govern grab grace grade
gradient gradual grain grand granite grant grape graph graphic grasp grass gravity gray great green greet grid grief
grim grip ground group grove grow growth guard guess guest guide guild guilt guitar gulp gun guru guy habit habits
hack hail hair half hall halo hammer hand handbook handle hang happen happy harbor hard hardware harm harmony harness
harp harvest has hat hatch hate have haven hawk hay haystack hazel he head heal health heap hear heart heat heaven
heavy hedge height helium helix hello helm help her herald herb here hero heron hidden hide high hill him hint hippo
hire his history hit hive hobby hold hole holiday hollow home honest honey hood hook hop hope horizon horn horse
hospital host hot hotel hour house how hub huge hugging human humble humor hunger hunt hurry hurt husky hydra i ice
icon idea ideal identity idle if ignite ignore illusion illustrated image imagine impact import improve in inch
incident include increase index indigo industry inertia infer inference infinite influence inform information
infrastructure ingest ink inner input insight inspect inspire instance instant instead instinct institute instruct
insure integral intelligence intensive intent interact interest interface interior internal interview into
introduction introductory intuition invent invest invite iris iron island issue it item its itself ivory ivy jacket
jaguar jam jar jasmine jazz jet jewel job join joke jolly journal journey joy judge juice julia jump jungle junior
junk jupiter just justice kaleidoscope keen keep kernel kettle key kick kid kill kin kind king kingdom kiss kitchen
kite kitten kiwi knee knife knight knit knock knot know knowledge koala lab label labor lace lack ladder lady lagoon
lake lamb lambda lamp lance land lane language lantern laptop large laser last late later latex lattice laugh launch
laurel lava lavender law lay layer lazy lead leader leadership leaf lean leap learn learner least leather leave
lecture ledger left leg legacy legal legend lemon lemur lend length lens leo leopard less lesson let letter level
lever liberty library lie life lift light lighthouse lightning like lily limb lime limit line linear linen link lint
lion lip liquid lisp list listen little live lizard llama load loan lobster local locate lock locust lodge loft logic
logistic loki lone long look loom loop loose lord lose lost lot lotus loud lounge lovable love low loyal luck lumen
luna lunar lunch lute lynx lyric machine macro magenta magic magma magnet mail main major make maker mall mammal
mammoth man manage management manager mango manifesto manner mantis manual manus map maple marble march mark market
marketing marlin marquee mars marvel mask mass mast master match mate material math mathematical mathematics matrix
matter mature maven maximum may maybe maze me meadow meal mean means measure meat mechanic medal media medium meet
melody melt member memory menu merchant mercury mercy mere merge merit merlin mesh message metal meteor meteorite
meter method metric metro micro middle might mile milk mill mimic mind mindset mine mini minimal minimum mining
minister mint minus minute miracle mirror miss mission mist mistake mix mixer mobile mocha mock mode model modeling
modelling modern modest module moment monday money monitor monk monkey monster month mood moon moose moral more
morning mosaic moss most moth mother motion motor mount mountain mouse mouth move movie much mud multi mural muscle
muse museum mushroom music must mutual my mystery myth nail name narrow nation native natural nature near nebula neck
need needle negative neighbor neo neon neptune nerve nest net network neural never new news next nexus nice night
nimble nine nirvana no nobody node noise nomad none noon norm normal north nose not notable note notebook nothing
notice notion nova novel now nuclear nucleus null number numerical nurse nut nutshell oak oasis oath object oblique
obscure observe obsidian obtain obvious occur ocean octave octopus odd odyssey of off offer office often oil okay old
olive olympus omega omit omni on onboard once one onion only onyx opal open opera operate operation operator opinion
opposite optic optimal optimist optimization optimize option optional or oracle orange orb orbit orca orchard
orchestra orchid order ordinary organ organization orient origin orion osprey other otter ought our out outcome outer
outline outlook output outside oval oven over overflow owl own oxide oxygen oyster pace pack package packer packet pad
page paint pair palace palette palm pan pandora panel panic panther papaya paper parade paradise paragon parallel
parent park parquet parrot parse part particle partner party pass passage passion past paste pastel patch path
patience patient pattern pause pay peace peach peak peanut pearl pebble peer pelican pen pencil pendulum penguin
people pepper perceive perceptron perfect perform perhaps period perplexity person petal phantom phase philosophy
phoenix phone photo phrase physical piano pick picture pie piece pier pig pigeon pike pilot pin pine pinecone pink
pinnacle pioneer pipe pipeline pirate pitch pivot pixel pizza place plain plan plane planet plank plant plasma plastic
plate plateau platform platinum play player playground please pledge plenty plot plow plug plum plus pluto pocket pod
poem poet poetry point poison poker polar pole police policy polish polite pond pony pool poor pop popular population
porcelain port portal portfolio position positive possible post postman pot potato potential pound pour powder power
powerful practical practice praise pray precious precise predict prediction prefect prefer prefix prepare present
press pretty prevent prey price pride prime primer prince principal principle print prior priority prism privacy
private prize probabilistic probability problem process processing processor produce producer product productivity
profile profit program programmer programming progress project prometheus promise prompt proof proper property prophet
protect protocol proud prove provide psychology public pull pulsar pulse pump punch pupil puppet puppy pure purple
purpose pursue push put puzzle pyramid quail quality quantity quantum quarry quarter quartz quasar queen quest
question queue quick quiet quill quilt quit quiver quota quote rabbit raccoon race rack radar radiant radical radio
radius raft rag rage rail rain rainbow raise rally ram ranch random range ranger rank rapid rare rat rate rather
rational rattle raven raw ray razor reach react reaction read reader ready real reality realm reason rebel recall
receive recent recipe reckon recognition recommend record recover red redshift reduce reed reef refer reflect reflex
reform refuse region regression regret regular reinforce reinforcement reject relate relax relay release relevant
relic relief rely remain remark remedy remember remind remote remove render renew rent repair repeat replace replicate
reply report request rescue research reserve reset resist resolve resonance resource respond rest result retire retool
return reveal review revise revolution reward rhyme rhythm ribbon rice rich ride ridge right ring rip ripple rise risk
ritual rival river road roam roast robin robot robotics robust rock rocket rod role roll roller roman romance roof
rook room root rope rose rotate rotor rouge rough round route router routine row royal rub ruby rude rug ruin rule run
runway rush rust sad saddle safe saga sage sail saint sake salad sale salmon salt same sampling sand sandbox sandwich
sapphire satellite satin sauce savage save say scale scan scarab scarf scatter scene scheme scholar school science
scientist scope score scout scrap scrape scratch scream screen scribe script scroll sea seal search season seat second
secret secrets section sector secure security see seed seek seem segment seldom select self sell semantic send senior
sense sentence sentinel sentry separate sequel sequence sequoia series serious serpent servant serve server service
session set settle seven several shade shadow shaft shake shall shallow shape shard share shark sharp she shed sheep
sheet shelf shell shelter shepherd shield shift shine ship shirt shock shoe shoot shop shore short shot should
shoulder shout show shower shrimp shut shy sibling sick side siege sierra sight sigma sign signal silence silent silk
silver similar simple simplify since sing single sink siren sister sit site six size skeleton sketch ski skill skin
skip skull sky slack slate slave sleep slice slide slight slim slip slope slot slow small smart smash smell smile
smoke smooth smote snack snail snake snap snapshot snow snowball snowflake so soap soar social society sock sofa soft
software soil solar soldier sole solid solo solution solve some somebody son sonar song sonic sonnet soon sort soul
sound soup source south space spade span spare spark sparkle sparrow speak spear special species spectrum speech speed
spell spend sphere sphinx spice spider spike spin spine spiral spirit splash split spoke sponge sponsor spoon sport
spot spray spread spring sprint sprite sprout spy square squid squirrel stable stack stadium staff stage stair stake
stall stamp stand standard star start startup state statement static station statistic statistical statistics statue
status stay steady steal steam steel steep steer stellar stem step stereo stick still sting stir stock stomach stone
stop storage store stories storm story stove straight strand strange strategy straw stream streamline street strength
stress stretch strike string strip stripe strong structure struggle student studio study stuff style subject sublime
submit subtle succeed success such sudden suffer sugar suggest suit suite sulfur sum summary summer summit sun sunday
sunny sunrise sunset super superb superintelligence superset supervise supervised supply support suppose supreme sure
surf surface surge surprise survey survive suspect swallow swamp swan swap swarm sweep sweet swift swim swing switch
sword symbol symphony synapse sync system table tableau tablet tackle tag tail take tale talent tales talk tall tame
tangent tango tank tap tape target tarot task taste taurus taxi tea teach teacher team tear tech tell temper temple
tempo temporal ten tend tender tennis tensor tent term terminal terra terrain test text texture than thank that the
theme then theorem theory there thesis they thick thief thin thing think thinking third this thorn though thought
thousand thread threat three thresher threshold thrill thrive throne through throw thumb thunder tick ticket tide tidy
tie tiger tight tile till timber time tin tiny tip tire titan title to toast today together token tomorrow tone tongue
tonic too tool tooth top topic topology torch tornado tortoise toss total totem touch tough tour tow toward tower town
toy trace track trade trading traffic trail train trainer training transform transformer translate transport trap
travel treasure treat tree trek trellis tremor trend trial triangle tribe trick tricky trident trigger trim trinity
trip triton triumph trivial trojan troop tropic trouble trout truck true trumpet trunk trust truth try tube tulip tuna
tundra tune tunnel turbo turn turnip turret turtle tutor tutorial twelve twenty twice twilight twin twist two type
typhoon ultimate ultra umbrella umpire uncle under understand unicorn uniform union unique unit united unity universal
universe university unknown unless unlock unsupervised until up update uplift upon upper upright upset urban urge us
use useful user usual utility utmost utopia vacuum vague valid valley value valve vampire van vanguard vanilla vapor
variable variance variation variety vary vast vault vector vegetable vehicle veil velocity velvet vendor venom venture
venue venus verb verge verse version vertex vertical very vessel veteran via vibe victor victory video view village
villain vine vintage violet viper virtual virtue virus visa visible vision visit visual vital vivid vocal voice void
volcano volt volume vortex vote voyage vulture wade wag wage wagon wait wake walk wall walnut walrus wander want war
ward warm warn warp warrior wash wasp waste watch water wave wax way we weak wealth weapon weapons wear weather weave
weaver web week weigh weight weird well west whale what wheat wheel when where whether which while whisper whistle
white who whole why wide wife wild will willow win wind window windsurf wine wing winner winter wire wisdom wise wish
with within without witness wizard wolf woman wonder wood wool word work worker workflow world worm worry worth would
wrap wreck wren write writer wrong yacht yard yarn year yellow yes yesterday yet yield yoga you young your youth zeal
zebra zen zenith zephyr zero zest zip zone zoo zoom
""".split()
)

_ENDINGS = (("ies", "y"), ("ing", ""), ("ing", "e"), ("es", ""), ("ed", ""), ("s", ""), ("d", ""), ("ly", ""))


def is_ordinary(word: str) -> bool:
    """Whether a single lower-case word is an ordinary English one, in its base form or with a common ending.

    >>> [is_ordinary(word) for word in ("spark", "cursors", "replicating", "numpy", "docker")]
    [True, True, True, False, False]
    """
    if word in _WORDS:
        return True
    return any(word.endswith(end) and word[: -len(end)] + put in _WORDS for end, put in _ENDINGS)
