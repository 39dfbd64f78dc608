"""What part of a sentence an English word can be, told from lists of verbs and from endings."""

from functools import lru_cache

_VERBS = """
accelerate accept accommodate accomplish accumulate achieve acquire act activate adapt add adhere adjust adopt advise
affect aggregate agree aim align allocate allow amplify analyze analyse annotate announce anticipate appear append apply
appreciate approach approximate argue arise arrange arrive articulate ask assemble assess assign assist assume attach
attain attempt attend attract augment authenticate author automate average avoid awake balance base become begin behave
believe belong bend bind blur borrow breathe bring broaden build calculate capture carry cater cause cease choose
circumvent clarify classify climb clip coin collaborate collapse collect combine come communicate compare compete
compile complement complete comply comprehend compress comprise compute conceal concentrate condense conduct configure
confirm confuse connect consider consist consolidate constitute constrain construct consult consume contain contribute
converge convert convey convince coordinate correlate correspond create critique crush curate customize deal debug
decide declare decline decode decompose decouple decrease deduce dedicate deepen define degrade delegate delete
delineate deliver demand demonstrate denote depend depict deploy derive describe deserve designate destroy detect
determine develop deviate devise diagnose dictate differ differentiate diminish disappear discard discover discuss
dispatch display dissect distinguish distribute dive diverge diversify divide dominate download dramatize draw drive
earn ease educate elaborate elect elevate eliminate embed embody embrace emerge emit emphasize employ empower enable
encapsulate encode encompass encounter encourage enforce engage enhance enjoy enlarge enrich ensure entail enter equip
erode establish estimate evaluate evolve examine exceed excel exclude execute exhibit exist expand expect explain
exploit explore expose express extend extract facilitate fail fall feature feed feel fetch fill filter finalize find
fix flatten fluctuate flourish follow forget form formalize format foster freeze fulfil fulfill gain gather generalize
generate get give go govern grab grow guarantee handle happen have hear help hide highlight hire hold host identify
ignore illuminate illustrate imagine imitate imply import impose improve impute include incorporate increase incur
indicate induce infer influence inform inherit inhibit initialize initiate inject innovate insert inspect inspire
install instruct integrate interact interconnect interpret introduce invent invest investigate invite invoke involve
isolate iterate join judge justify keep know label lack last launch lead learn leave lend let leverage lie listen live
load locate log look lose maintain make manage mandate manipulate map master match maximize mean measure mediate meet
memorize mention merge migrate mimic minimize mirror mitigate modify monitor motivate mount move multiply navigate need
neglect negotiate normalize notice notify nurture obey observe obtain occupy occur offer offload omit open operate
optimize orchestrate organize originate outline outperform outweigh overcome overfit override oversee overwhelm own
participate pass pay penalize perceive perform permit persist personalize persuade pertain play plot populate portray
pose possess postpone practice practise precede predict prefer prepare prescribe present preserve presume prevent
prioritize process procure produce progress prohibit project promise promote prompt propagate propose protect prove
provide provision prune publish pull pursue push put qualify quantify query question quote raise range rank reach react
read realize reason receive recognize recommend reconcile reconstruct record recover reduce refactor refer refine
reflect reframe refuse regard register regret reinforce reject relate release rely remain remember remind remove render
rent repeat replace replicate report represent reproduce require rescale research resemble reset reshape resist resolve
respond rest restore restrict result retain retrain retrieve return reuse reveal review revise reward rewrite rise risk
rotate route run satisfy save scale scan schedule scrape search secure see seek seem segment select sell send separate
serialize serve set settle shape share shift ship shorten show shrink shuffle shuttle signal signify simplify simulate
sit sketch skip smooth solve sort source span spawn specialize specify speed spend split stabilize stack stand
standardize start state stay stem stimulate stop store strengthen stress stretch strip strive structure struggle study
submit succeed suffer suggest suit sum summarize supersede supervise supply support suppose suppress surpass surround
survey survive sustain switch synchronize synthesize tackle tag tailor take talk target teach tell tend terminate test
thank think thrive tie tokenize touch trace track trade train transcend transfer transform transition translate
transmit transport travel treat trigger trim troubleshoot trust try tune turn uncover undergo underlie underpin
understand undertake undo unify unite unlock update upgrade upload uphold use utilize validate vary verify view
violate visit visualize vote wait walk want warn warrant watch weaken wear weigh weight widen win withstand work wrap
write yield
"""
_ALSO_NOUNS = frozenset(
    """
act aim approach attempt average balance base bend bind blur cause clip climb comprise compute compile contrast
decline decrease demand display dive divide download draw drive ease excel exhibit exploit express extract fall
feature feed fetch fill filter fix follow form format freeze gain grab guarantee handle help hide highlight hire hold
host import increase influence insert install invite issue join judge keep label lack last launch lead leave lie load
log look make manage map master match mean measure mention mirror monitor mount move need notice offer open outline own
pass pay permit play plot present process produce progress project promise prompt prune pull push put query question
quote raise range rank reach read reason record refuse regard register regret release rent repeat replay report research
reset rest result return reuse reveal review reward rise risk route run scale scan schedule scrape search segment select
sell set shape share shift ship show shuffle shuttle signal sketch skip source span speed split stack stand start state
stay stem stop store stress stretch strip structure struggle study sum supply support survey switch tag tailor talk
target test think tie touch trace track trade train transfer transition transport travel treat trigger trim trust try
tune turn update upgrade upload use view visit vote wait walk want watch weight win work wrap yield
""".split()
)
_IRREGULAR = """
arose awoke became began bent bound bought brought built came caught chose coined cost cut dealt did drew drove fed
fell felt flew forgot fought found froze gave went got grew heard held hid hit kept knew laid lay led left lent lost
made meant met paid proved ran read rose said sat saw sent set shook shot shown shrank slept sold sought spent split
spoke spread stood stole struck taken taught told took understood undertook wore won written wrote
"""
FINITE, PERHAPS_FINITE, BASE, PERHAPS_BASE, PAST, GERUND, ADVERB, NOUN, NOUNS, ADJECTIVE, NUMBER, PLURAL = range(10, 22)
_ENDINGS = (
    (("tions", "sions", "ments", "nesses", "ities", "isms", "ances", "ences", "ers", "ors", "ists", "ships"), NOUNS),
    (
        ("tion", "sion", "ment", "ness", "ity", "ism", "ance", "ence", "er", "or", "ist", "ship", "ology", "graphy"),
        NOUN,
    ),
    (("ly",), ADVERB),
    (("al", "ive", "ous", "ic", "able", "ible", "ful", "less", "ary", "ical"), ADJECTIVE),
)


def _third(verb: str) -> str:
    if verb.endswith("y") and verb[-2] not in "aeou":
        return verb[:-1] + "ies"
    return verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _with(verb: str, ending: str) -> tuple[str, ...]:
    """The forms that a verb may have with `ed` or `ing`; some of them are never written."""
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return (verb[:-1] + ending,)
    if ending == "ed" and verb.endswith("y") and verb[-2] not in "aeou":
        return (verb[:-1] + "ied",)
    return verb + ending, verb + verb[-1] + ending


def _forms() -> dict[str, int]:
    forms: dict[str, int] = {}
    for verb in _VERBS.split():
        noun = verb in _ALSO_NOUNS
        forms[_third(verb)] = PERHAPS_FINITE if noun else FINITE
        forms[verb] = PERHAPS_BASE if noun else BASE
        forms.update(dict.fromkeys(_with(verb, "ed"), PAST))
        forms.update(dict.fromkeys(_with(verb, "ing"), GERUND))
    forms.update(dict.fromkeys(_IRREGULAR.split(), PAST))
    return forms


_FORMS = _forms()


@lru_cache(maxsize=65536)
def part_of(word: str) -> int:
    """What a bare word in small letters can be; 0 where nothing tells.

    >>> [part_of(word) == part for word, part in [("enables", FINITE), ("uses", PERHAPS_FINITE), ("deploying", GERUND)]]
    [True, True, True]
    """
    if word in _FORMS:
        return _FORMS[word]
    if any(map(str.isdigit, word)):
        return NUMBER
    if len(word) > 4:
        for endings, part in _ENDINGS:
            if word.endswith(endings):
                return part
        if word.endswith("ing"):
            return GERUND
        if word.endswith("ed"):
            return PAST
    return PLURAL if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else 0
