"""English words whose meaning says what a name near them is, or that they are no name themselves. All in lower case.

The lists hold everyday words only, none of a particular field. A word that is missing makes a suggestion less certain;
it decides nothing alone.
"""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SMALL = _words(
    """
    a an and are as at be but by can do for from had has have her he his how i if in into is it its just like may
    more most my no not of off on one only or our out over per she should so some such than that the their them then
    there these they this those to under up upon us via was we were what when where which while who why will with
    within without would yet you your
    """
)
"""Function words."""
TITLE_JOINERS = _words("of for the and & de del della der den di du la le van von to in on a an with from at by")
"""Words written small inside a title."""
NAME_JOINERS = _words("of & de del della der den di du la le van von")
"""Words written small inside a name."""

TOOL_NOUNS = _words(
    """
    api app apps browser cli client command compiler database databases device editor engine extension format
    framework frameworks gadget game hub ide instrument interface kit language languages library libraries machine
    module modules package packages platform platforms plugin plugins product products program protocol provider
    runtime script sdk server service services shop shoe shoes site software standard store suite system terminal tool
    toolkit tools tracker utility vendor warehouse watch website wrapper
    """
)
TERM_NOUNS = _words(
    """
    algorithm algorithms analysis approach architecture coefficient concept curve distance distribution effect
    equation error experiment fallacy formula function functions hypothesis law loss matrix mechanism method methods
    metric metrics model models norm number paradox principle problem procedure process regression rule score search
    strategy syndrome system technique techniques test theorem theory transform unit
    """
)
RESOURCE_NOUNS = _words(
    """
    article articles audiobook blog book books bootcamp certification channel course courses curriculum degree
    documentary edition essay film guide handbook lecture lectures magazine manual memoir mooc movie newsletter novel
    paper papers playlist podcast podcasts report seminar series specialization textbook textbooks tutorial tutorials
    video videos webinar workbook workshop
    """
)
LIST_WORDS = _words("like as including include includes namely using eg e.g e.g. through via with use uses")
"""Words that introduce a list of names."""
DOES = _words(
    """
    allows automates builds combines delivers enables gives handles helps includes integrates lets manages offers
    performs provides relies replaces requires runs ships simplifies stores supports works
    """
)
"""Verbs behind the name of a thing."""
ROLES = _words(
    """
    author authors captain ceo co-founder cto director dr engineer founder guest guests historian host hosts interview
    lecturer mr mrs ms prof professor researcher scientist sir
    """
)
"""Words before the name of a person."""
NO_NAMES = _words(
    """
    ad aka am asap bc bce ce ceo ceos cfo cmo coo covid cto cv diy dj dob dvd eta etc euro faq faqs fm fyi gmt god hr i
    i'd i'll i'm i've ii iii im imo ip it iv ix llc lol lp ma min mr mrs ms msc n/a na nb no nr oh ok okay p.m phd phds
    plc pm pr ps pst q&a qa r&d rip rsvp s/o sec tba tbd tv u.k u.s uk un us usd utc vi vii viii vip vs wip wow x xi
    xii yes
    """
)
"""Capitals that name nothing a knowledge base explains."""
DOMAIN_ENDINGS = _words("ai app cloud com cpp dev fm gg io js land me net org py sh so studio tv xyz")
"""What a name with a point inside ends in; anything else is a file or a piece of code."""
