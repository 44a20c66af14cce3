/** Words by which the values of a column give away what they are. */

const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** At the end of a company's name, in the countries that lists come from. */
export const legalForms = words(`
  inc incorporated llc llp lp ltd limited corp corporation company pllc plc gmbh ag kg ohg gbr ug mbh ek ev sarl sas sasu eurl sa sl slu
  srl spa bv nv oy ab aps oyj pty sro doo kft spzoo lda ltda cv dba pbc lllp`);

/** What companies of the trades, shops and offices call themselves; a person or a town is hardly ever called so. */
export const tradeWords = words(`
  hvac heating cooling air conditioning plumbing plumbers plumber electric electrical electricians electrician solar roofing roofers construction
  contracting contractors contractor builders building homes remodeling renovations restoration mechanical services service solutions systems
  group holdings partners associates consulting consultants technologies technology tech software labs digital media marketing agency studio studios
  design designs engineering engineers architects industries industrial manufacturing products supply supplies equipment rentals rental
  energy power generators generator battery renewable renewables oil gas fuel propane petroleum pest landscaping lawn tree nursery
  garden gardens concrete masonry paving asphalt excavating drywall painting painters flooring floors carpet tile cabinets kitchens windows doors glass
  garage fence fencing pools pool spas security alarm locksmith cleaning janitorial maintenance handyman repair repairs auto automotive motors
  tire tires collision towing trucking transport transportation logistics freight moving movers storage insurance financial finance capital
  bank bancorp credit mortgage realty properties property management investments ventures law legal attorneys dental dentistry orthodontics
  medical clinic health healthcare hospital pharmacy veterinary animal chiropractic therapy wellness fitness gym yoga salon spa barbershop beauty
  restaurant cafe coffee bakery pizza grill bistro diner bar brewery catering foods food market deli hotel inn motel resort travel tours
  school academy university college institute church ministries foundation association society center centre club store shop shops outlet
  furniture jewelry jewelers florist flowers boutique gifts books printing signs graphics photography entertainment productions
  enterprises enterprise international worldwide global network networks communications wireless telecom data cloud analytics robotics
  pharma biotech aerospace farms farm ranch winery vineyards dairy seafood meats wholesale distributors distributing distribution imports exports
  bros brothers sons works company co corp control controls comfort climate refrigeration drain sewer septic well pump pumps welding fabrication steel metal metals
  machine tool tools hardware lumber mill plastics packaging paper textiles apparel clothing shoes sports outdoors marine aviation
  elektro elektrotechnik haustechnik heizung sanitar bau bauunternehmen dach dachdecker dachdeckerei solartechnik tischlerei schreinerei autohaus
  werkstatt apotheke backerei metzgerei verlag versicherung energie energietechnik immobilien gebaudetechnik anlagenbau maschinenbau
  stadtwerke kanzlei praxis hausverwaltung spedition
  electricite plomberie chauffage toiture batiment travaux boulangerie garages cabinet agence societe entreprise etablissements menuiserie
  electricidad fontaneria construcciones reformas instalaciones servicios soluciones grupo transportes talleres hermanos inmobiliaria`);

export const jobWords = words(`
  owner co-owner president vice vp svp evp ceo cfo coo cto cmo cio chief founder cofounder co-founder partner principal manager director
  superintendent estimator foreman supervisor coordinator administrator officer head lead executive assistant representative
  specialist analyst engineer developer consultant accountant controller bookkeeper secretary treasurer buyer buying purchasing recruiter
  gm proprietor operator chairman chairwoman dispatcher technician electrician salesperson agent associate advisor architect
  geschaftsfuhrer geschaftsfuhrerin inhaber inhaberin leiter leiterin vorstand prokurist einkaufer vertriebsleiter assistentin assistent sachbearbeiter
  gerant directeur directrice responsable president dirigeant chef gerente director directora propietario jefe dueno encargado`);

/** After a house number: what stands there beside the usual types of streets and directions. */
export const streetWords = words(
  `ste suite unit apt floor fl bldg building close gardens grove mews quay parade fm cr county route rte walk gate xing`,
);

/** Mailboxes of a company, whoever reads them. */
export const roleMailboxes = words(`
  info office sales contact contactus hello hi admin support service services customerservice customercare help mail email team enquiries enquiry
  inquiries inquiry estimating estimates bids quotes dispatch scheduling schedule billing accounting accounts ap ar orders order purchasing frontdesk
  reception marketing hr jobs careers general main webmaster postmaster kontakt buero vertrieb verkauf bestellung contacto ventas
  administracion commercial accueil secretariat noreply no-reply business shop store manager parts frontoffice corporate`);

/** Given names, the commonest of the countries that lists come from: enough to know a column of people by, not all there are. */
export const givenNames = words(`
  james john robert michael william david richard joseph thomas charles christopher daniel matthew anthony mark donald steven paul andrew joshua
  kenneth kevin brian george timothy ronald edward jason jeffrey ryan jacob gary nicholas eric jonathan stephen larry justin scott brandon benjamin
  samuel gregory alexander frank patrick raymond jack dennis jerry tyler aaron jose adam nathan henry douglas zachary peter kyle ethan walter noah jeremy
  christian keith roger terry gerald harold sean austin carl arthur lawrence dylan jesse jordan bryan billy joe bruce gabriel logan albert willie alan juan
  wayne elijah randy roy vincent ralph eugene russell bobby mason philip louis mary patricia jennifer linda elizabeth barbara susan jessica sarah karen
  lisa nancy betty margaret sandra ashley kimberly emily donna michelle carol amanda dorothy melissa deborah stephanie rebecca sharon laura cynthia kathleen
  amy angela shirley anna brenda pamela emma nicole helen samantha katherine christine debra rachel carolyn janet catherine maria heather diane ruth julie
  olivia joyce virginia victoria kelly lauren christina joan evelyn judith megan andrea cheryl hannah jacqueline martha gloria teresa ann sara madison
  frances kathryn janice jean abigail alice julia judy sophia grace denise amber doris marilyn danielle beverly isabella theresa diana natalie brittany
  charlotte marie kayla alexis lori bob bill jim mike dave steve tom dan chris matt tony don greg jeff rick ron tim ken ed sam ben nick josh
  alex rob ray larry fred ted jay phil doug pete andy stan glenn craig todd chad brad brett derek shane troy travis cody dustin corey cory
  marcus curtis clarence leonard norman earl clifford leroy ernest dale darren darryl dean duane dwayne edwin floyd francis gene gilbert glen
  gordon guy harvey herbert howard hugh ian ivan jared jeffery jimmy johnny jon julian karl kurt lance lee leo leon leslie lewis lloyd lonnie louie
  luke luther mario martin marvin maurice max melvin micheal miguel milton mitchell morris nathaniel neil nelson oscar pedro perry preston rafael ramon
  randall reginald rene ricardo roberto rodney roland ronnie ross ruben salvador sergio seth sidney spencer stanley stuart sylvester
  theodore tommy tracy vernon victor wade wallace warren wendell wesley willard zach liam mia ava ella chloe lily zoe aiden lucas owen caleb connor
  evan gavin hunter ian isaac jayden landon levi carter wyatt blake cole colin trevor garrett grant graham heath holly hope
  april bonnie carla carrie cindy claire connie crystal dana dawn debbie eileen elaine ellen erica erin gail georgia gina glenda heidi irene jackie
  jamie jane jeanne jenny jill jo jodi joann josephine joy juanita june kim kristen kristin kristina leah lillian liz loretta lorraine lucille lucy lynn
  marcia marjorie marlene maureen melanie mildred molly monica norma paula peggy penny phyllis regina renee rhonda rita roberta robin rosa rose sally sheila
  sherry stacy sue suzanne sylvia tammy tanya tara thelma tiffany tina toni valerie vanessa vera veronica vicki vivian wanda wendy yolanda yvonne beth
  kate katie kathy karla kari meg becky barb pam patty sandy cathy nina naomi priya dana tasha bea ingrid
  carlos luis jorge jesus francisco antonio manuel alejandro javier fernando alberto eduardo raul enrique armando arturo guillermo hector hugo pablo
  angel diego andres felipe gustavo ignacio joaquin julio lorenzo marcos mateo rodrigo santiago sebastian tomas vicente ana carmen elena isabel lucia
  luisa margarita marta mercedes pilar rocio silvia sofia beatriz adriana alejandra alicia claudia cristina daniela esperanza esther gabriela guadalupe lourdes
  hans klaus jurgen dieter wolfgang helmut uwe bernd heinz gunter gerhard holger jorg stefan andreas matthias markus sven dirk ralf rainer torsten
  thorsten frank jan lars nils tobias florian sebastian felix jonas lukas moritz niklas philipp simon tim fabian dominik oliver sabine petra monika
  ursula renate karin brigitte ingrid helga gisela birgit susanne heike kerstin anja silke katja katrin julia lena lea hannah laura anke
  jean pierre michel philippe alain bernard jacques francois christophe nicolas laurent olivier pascal thierry frederic sebastien julien guillaume
  antoine mathieu romain maxime alexandre vincent benoit stephane gilles yves nathalie isabelle sylvie valerie sandrine celine aurelie emilie camille
  sophie caroline veronique chantal francoise martine dominique helene manon lea chloe ines
  giovanni giuseppe marco luca matteo paolo francesca giulia chiara alessandro andrea stefano roberto pietro
  mohammed mohamed muhammad ahmed ali omar hassan ibrahim yusuf khalid fatima aisha amir karim raj rajesh sanjay anil sunil vijay amit rahul ravi
  deepak suresh ramesh arun ashok vikram anita sunita neha pooja kavita wei ming li chen jing yan hui ying hiroshi kenji yuki takashi
  kwame kofi amara chidi ngozi sofie mikkel anders erik bjorn olaf piotr pawel katarzyna agnieszka anna marek tomasz vladimir sergei dmitri olga natalia
  igor boris svetlana joao paulo pedro tiago rui ines`);

/** Before a name, and in a column of its own. */
export const salutations = words(
  'mr mrs ms miss dr prof mx herr frau m mme mlle sr sra srta don dona ing dipl mister madam monsieur madame',
);
