"""Names that are neither tools nor terms: places and peoples, companies and other bodies, and the first names by which
people are known. The lists are of our own making and needn't be complete: they make a guess better, they decide nothing
alone. All words are in lower case."""

PLACES = frozenset(
    """
    afghanistan africa african alabama alaska albania algeria america american americans amsterdam angola antarctica
    arabia arabian arabic arctic argentina arizona arkansas armenia asia asian athens atlanta atlantic austin
    australia australian austria austrian bahamas baltic baltimore bangkok bangladesh barcelona basel bavaria bay
    beijing belarus belfast belgian belgium bengaluru berkeley berlin bern bolivia bombay bosnia boston brazil
    brazilian bristol britain british brooklyn brussels bucharest budapest bulgaria burma cairo calcutta california
    californian cambodia cambridge cameroon canada canadian canberra caribbean chicago chile china chinese cleveland
    cologne colombia colorado congo connecticut copenhagen croatia cuba cuban cyprus czech dakota dallas damascus
    danish danube delaware delhi denmark denver detroit dubai dublin dutch ecuador edinburgh egypt egyptian england
    english estonia ethiopia eu europe european europeans finland finnish florence florida france frankfurt french
    gdansk geneva genoa georgia german germans germany ghana gibraltar glasgow greece greek greeks greenland
    guatemala hague haiti hamburg hanoi harlem havana hawaii helsinki himalayas holland hollywood honduras hong
    houston hungarian hungary iceland icelandic idaho illinois india indian indiana indians indonesia iowa iran
    iranian iraq iraqi ireland irish islamabad israel israeli istanbul italian italians italy jakarta jamaica japan
    japanese jerusalem jordan kabul kansas karachi kentucky kenya kiev kong korea korean kosovo kuwait kyiv kyoto
    lagos laos latin latvia lebanon leeds libya lisbon lithuania liverpool london los louisiana lyon macedonia
    madrid maine malaysia mali malta manchester manhattan marseille maryland massachusetts mecca mediterranean
    melbourne mexican mexico miami michigan milan minneapolis minnesota mississippi missouri moldova monaco mongolia
    montana montreal morocco moscow mumbai munich myanmar nairobi namibia naples nashville nebraska nepal
    netherlands nevada newcastle niagara nicaragua niger nigeria norway norwegian nsw oakland oakley ohio oklahoma
    ontario oregon orleans osaka oslo ottawa oxford pacific pakistan palestine palestinian panama paraguay paris
    parisian pennsylvania persia persian peru philadelphia philippines phoenix pittsburgh poland polish portland
    portugal portuguese prague qatar quebec queensland rhine rio riyadh roma roman romania romanian romans rome
    rotterdam russia russian russians rwanda sacramento sahara salzburg saudi saxony scandinavia scandinavian
    scotland scottish seattle senegal seoul serbia serbian shanghai shenzhen siberia sicily singapore slovakia
    slovenia somalia soviet spain spanish sri stockholm sudan sussex sweden swedish swiss switzerland sydney syria
    syrian taipei taiwan tanzania tehran tennessee texas thai thailand thames tibet tokyo toronto tunisia turin
    turkey turkish uganda uk ukraine ukrainian uruguay us usa ussr utah valencia vancouver vatican venezuela venice
    vermont victoria vienna viennese vietnam vietnamese virginia wales warsaw washington waterloo wellington welsh
    westminster wisconsin wuhan wyoming yemen york yorkshire yugoslavia zambia zealand zimbabwe zurich
    """.split()
)
"""Countries, peoples and their languages, big cities."""

BODIES = frozenset(
    """
    adobe airbnb alibaba alphabet amazon amd anthropic apple arm asus atlassian baidu berkshire bloomberg boeing
    bosch bytedance caltech capgemini chrysler cisco citibank citigroup cnn comcast congress deepmind dell deloitte
    disney ebay ericsson exxon facebook fbi fda ferrari fifa ford gartner goldman google harvard honda honeywell hp
    hsbc huawei ibm ikea intel jpmorgan kickstarter lego lenovo lockheed lufthansa lyft mastercard mckinsey mercedes
    meta microsoft mit mitsubishi motorola nasa nato netflix nike nintendo nissan nokia novartis nsa nvidia openai
    oracle panasonic parliament pentagon pepsi pfizer philips pixar porsche princeton qualcomm reuters roche
    salesforce samsung sap senate siemens softbank sony spacex sputnik stanford starbucks target tencent tesla
    toshiba toyota twitter uber ucla un unesco unicef verizon visa vodafone volkswagen volvo vox walmart wikimedia
    xerox xiaomi yahoo yale yc
    """.split()
)
"""Companies, universities, offices: known for what they are, not for one thing that they make."""

BODY_ENDINGS = frozenset(
    """
    academy administration agency airlines alliance armies army associates association authority bank brothers
    bureau capital centre chamber church club co college commission committee committees company congress consulting
    corp corporation council court department dept enterprises federation fellows foundation fund gmbh government
    group guild holdings hospital inc industries institut institute institutes institution insurance lab
    laboratories laboratory labs llc ltd ministry museum navy office organisation organization parliament partners
    party plc police press publications publishers publishing railway railways research school schools senate
    society solutions syndicate systems team times trust union universities university ventures
    """.split()
)
"""How the names of companies and other bodies end."""

PLACE_ENDINGS = frozenset(
    """
    airport aqueduct avenue bay beach boulevard bridge building canal castle cathedral channel city cliff coast
    county dam desert district east empire estate falls field fields forest garden gardens harbor harbour heights
    hill hills hotel house island islands isles kingdom lake lane market marsh memorial mountain mountains north
    ocean palace park peninsula plaza point port prison province quay region republic ridge river riviera road sea
    south square state states station straits street tower town tunnel valley village west wharf wood woods zoo
    """.split()
)
"""How the names of places and buildings end."""

EVENT_ENDINGS = frozenset(
    """
    anniversary award awards battle campaign century championship championships christmas conference crisis crusade
    cup day days decade disaster dynasty easter edition election era eve event exhibition expedition fair festival
    friday games holiday hour massacre medal meetup monday month movement night olympics party prize renaissance
    revolution saturday season seasons summit sunday thursday tournament treaty tuesday war wars wednesday week
    weekend year years
    """.split()
)
"""How the names of days, times and events end."""

FIRST_NAMES = frozenset(
    """
    aaron abby abdul abigail abraham adam adele adrian agnes ahmed aidan aisha akira alan albert alberto alec
    alejandro alex alexander alexandra alexandre alexei alexis alfonso alfred ali alice alicia alison allan allen
    allison alyssa amanda amelia amir amit amy ana anastasia anders andre andrea andreas andrei andrej andrew andy
    angela angelina anil anita anja ann anna anne annie anthony anton antonio arjun armin arnold arthur arun ashish
    ashley astrid audrey barack barbara barry beatrice ben benedict benjamin bernard bernd bernhard bert bertrand
    beth betty bharat bill billy bjarne bob bobby boris brad bradley brandon brenda brent brett brian bridget
    britney bruce bruno bryan caleb cameron carl carla carlo carlos carmen carol caroline carolyn catherine cathy
    cecilia charles charlie charlotte chen cheryl chloe chris christian christina christine christoph christophe
    christopher chuck cindy claire clara claude claudia clement colin connor craig cristina curtis cynthia daisy
    dale dan dana daniel daniela danielle danny daphne dario darren dave david davide dawn dean deborah deepak denis
    denise dennis derek diana diane diego dieter dimitri dirk dmitry dominic dominik don donald donna doris dorothy
    doug douglas duncan dustin dwight dylan eddie edgar edith edmund eduardo edward edwin eileen elaine eleanor
    elena elias elisabeth elizabeth ella ellen elliot elon elsa emil emily emma enrico enrique eric erica erich erik
    erika erin ernest ernst esther ethan eugene eva evan evelyn fabian fabio federico felix ferdinand fernando fiona
    florian frances francesca francesco francis francisco francois frank franz fred frederick friedrich gabriel
    gabriela gareth garrett gary gavin geoff geoffrey george gerald gerard gerhard gilbert gina giorgio giovanni
    giulia giuseppe glen glenn gloria gordon graham grant greg gregory greta guido guillaume gunther gustav guy
    hannah hans harald harold harriet harry harvey hassan heather hector heidi heinrich helen helena helga henri
    henrik henry herbert herman hermann hideo hillary hiroshi holly howard hubert hugh hugo hussein ian ibrahim igor
    ilya immanuel ingrid irene iris isaac isabel isabella isambard ivan jack jackie jackson jacob jacqueline jacques
    jake james jamie jan jane janet janice jason javier jay jean jeff jeffrey jennifer jenny jeremy jerome jerry
    jesse jessica jill jim jimmy jin joan joana joanna joanne joe joel joerg johan johann johannes john johnny jon
    jonas jonathan jordan jorge jose josef joseph josephine josh joshua juan judith judy juergen jules julia julian
    julie julien june jurgen justin kai karen karin karl karolina kate katharina katherine kathleen kathryn kathy
    katie kay keith kelly ken kenji kenneth kent kevin kiran klaus konrad konstantin kristen kristin kumar kurt kyle
    lars laura lauren laurence laurent lawrence lea leah lee len lena leo leon leonard leonardo leonid leslie lewis
    liam lillian linda lindsay linus lisa liz lloyd lorenzo louis louise luca lucas lucia lucy ludwig luigi luis
    luke lydia lynn maggie magnus mahatma malcolm manfred manuel marc marcel marcelo marcia marco marcus margaret
    maria marian marianne marie marilyn marina mario marion marissa mark markus marlene marshall martha martin
    martina marvin mary massimo matt matteo matthew matthias maurice max maxim maximilian maya megan meghan mehmet
    melanie melissa mia michael michel michele michelle miguel mikael mike mikhail milan miranda miriam mitchell
    mohamed mohammad mohammed moira molly monica monika morgan muhammad murray nadia nancy naomi natalia natalie
    nathan neil nelson niccolo nicholas nick nicola nicolas nicole niels nigel nikita nikola nikolai nils nina noah
    noam nora norbert norman oleg oliver olivia olivier omar oscar oskar otto owen pablo pamela paolo pascal
    patricia patrick patti paul paula paulo pavel pedro penelope peng percy pete peter petra phil philip philipp
    philippe phillip pierre piotr priya rachel rafael raj rajesh ralph ramesh randall randy raphael ravi ray raymond
    rebecca regina reinhard renata rene ricardo richard rick rita rob robbie robert roberta roberto robin rodney
    roger rohan roland rolf roman ron ronald rosa rose ross roxanne roy ruby rudolf russ russell ruth ryan sabine
    sabrina sally salman salvador sam samantha samuel sandra sandy sanjay santiago sara sarah satoshi satya scott
    sean sebastian seth shane shannon sharon sheila shirley sierra sigmund silvia simon simone sofia sonia sonja
    sophia sophie stan stanley stefan stefano steffi stella stephan stephanie stephen steve steven stewart stuart
    sue sundar sunil susan susanne suzanne sven sylvia takashi tamara tanya tara ted teresa terry thea theodore
    theresa thomas tiffany tim timothy tina tobias todd tom tomas tommy toni tony tracy trevor tyler ulrich ursula
    valentin valerie vanessa vera vernon veronica victor vijay vikram viktor vincent vincenzo virginia vivian
    vladimir walter wanda warren wayne wendy werner wilhelm will willem william winston wolfgang xavier yan yann
    yasmin yoshua yuki yuri yusuf yves yvonne zach zachary zoe
    """.split()
)
"""First names of many countries."""

CALENDAR = frozenset(
    """
    apr april aug august autumn christmas dec december easter feb february fri friday halloween hanukkah jan january
    jul july jun june mar march may mon monday nov november oct october ramadan sat saturday sep sept september
    spring summer sun sunday thanksgiving thu thur thurs thursday tue tues tuesday wed wednesday winter
    """.split()
)

SOFTWARE = frozenset(
    """
    android angular ansible apache arduino bash bazel bootstrap cassandra celery chrome clojure cobol copilot
    cordova dart debian django docker drupal elasticsearch elixir erlang ethereum excel fedora figma firefox flask
    flink flutter fortran git gradle grafana grpc hadoop haskell helm heroku homebrew illustrator ios java jenkins
    jira julia jupyter kafka keras kibana kotlin kubernetes laravel latex linux lisp lua magento mariadb matlab
    maven memcached minecraft neovim netlify nginx node notion npm objective-c ocaml octave opencv pandas perl
    photoshop php postgres prolog prometheus puppet python qt rails raspberry react redis redux rsync ruby rust sass
    scala selenium sentry shopify slack smalltalk solr spark splunk spotify spring sqlite stata stripe subversion
    svelte swift symfony tableau tensorflow terraform trello twilio typescript ubuntu unity unix unreal vagrant
    vercel vim vue webpack wikipedia windows wordpress xcode yarn zapier zig zoom zsh
    """.split()
)
"""Programs, languages and systems that everybody names without saying what they are."""
