/**
 * What words are a sign of, whoever uses them: an analysis asked for, a small change, a wish for brevity. A word may be a sign of
 * several things. `*` stands for any ending; accents are written plainly. Short lists on purpose: what a word means beyond this is
 * learned from the labelled requests.
 */
const concepts = {
  look: `show list find get see open pull search look lookup display view check who who's whos whose what's whats when where which
    number phone email address owner status contact zeig* welche* wer wann wie wo muestra* cual quien cuando quel* qui qual quem quando
    onde wat wie ktory kto podaj montre* mostra* laat`,
  count: `many count number total sum average avg median percent percentage rate cuantos combien quantos quanti viele ile hoeveel`,
  edit: `mark set log add update change move assign reassign delete remove undo revert note remind reminder schedule reschedule book
    cancel put close closed tag rename record approve reject decline push bump park pause snooze transfer merge switch stick pop hand
    restore correct enter save send bind attach import export fill drop markier* setz* erinner* verschieb* marca* pon pone anade anota
    recuerda* pasa* ajoute* passe* rappelle* segna* aggiungi zet ustaw dodaj`,
  write: `write draft compose reply respond answer email mail text txt message msg note letter reword rewrite rephrase phrase word
    translate blurb post caption script subject opener pitch voicemail invitation announcement schreib* verfass* formulier* escrib*
    redact* ecris redige* escreve* scriv* schrijf* napisz* przygot* traduc* ubersetz* manda*`,
  short: `short quick brief briefly line lines sentence sentences paragraph words bullet bullets tldr simple small couple concise tiny
    shorter max under minute minutes seconds polite friendly warm kurz* corto breve* court* curto krotk* kort* petit pequeno`,
  long: `full complete comprehensive detailed detail details whole entire thorough thoroughly depth deep deeper long page pages
    end-to-end everything extensive ausfuhrlich* komplett* vollstandig* complet* detallad* detalhad* dettagliat* uitgebreid* kompleks*`,
  sumup: `summarize summarise summary summar* recap sum gist rundown overview highlights brief digest boil story catch prep prepare
    prepares outline agenda notes extract zusammenfass* fass resum* synthese resume riassum* sintesi vat samen podsumuj* zusammenfassung
    resumen`,
  analyse: `analy* analis* analiz* evaluat* assess* diagnos* investigat* audit* examin* scrutin* critiqu* benchmark* dissect* insight*
    interpret* understand dig review untersuch* bewert* evalu* avali* valut* onderzoek* przeanaliz* ocen* root-cause study`,
  cause: `why reason reasons cause causes causing driving drives behind wrong broken happening pattern patterns trend trends difference
    explain explains warum wieso weshalb woran porque pourquoi perche waarom dlaczego problem problems gap gaps bottleneck* symptom*
    common separates predict* signal signals signs`,
  strategy: `strateg* roadmap playbook plan plans planning campaign cadence sequence sequences program programme framework blueprint
    approach positioning messaging initiative* tactic* proposal proposals pitch plany planu estrateg* plano piano konzept masterplan
    gtm abm icp segment* territory territories portfolio model scheme policy`,
  build: `develop design build create devise craft rebuild redesign restructure reorganise reorganize rethink rework redo lay map
    construct define propose formulate entwickl* erstell* disena* desarroll* cria cree* elabor* definisci sviluppa maak opracuj* stworz*
    prepara* prepar* bereite`,
  advise: `should shall recommend* suggest* advise advice opinion think thoughts thought believe worth better smart smartest best sense
    ideas idea would could options option decide decision choose choice pick bet honest honestly coach convince case argue solltest
    soll sollen rat ratst empfehl* aconsej* deberi* recomend* conseil* devrais dovrei consigli* consiglia advies moet harias farias`,
  bargain: `negotiat* negoci* verhandl* trattativ* onderhandel* negocjac* concede concession* counter counteroffer leverage trade-off
    tradeoff tradeoffs trade-offs walk-away exclusiv* discount discounts terms objection* objects overcome pushback demands insists refuses
    resist concesion* rabatt nachlass descuento remise sconto korting`,
  threat: `competitor* competit* undercut undercuts rival* churn churning lose losing lost leave leaving cancel cancels threaten*
    threat angry furious mad upset complain* complaint lawyer lawsuit legal refund crisis blame mistake apolog* escalat* dispute fight
    risk risks risky danger trap traps stall stalled stuck ghosted blocked unhappy verlier* konkurren* kundig* drohen droht risik* perd*
    risque* risco* rischi* concurrent* perdem`,
  improve: `improve improving increase grow growth boost reduce reducing cut optimi* fix rescue save recover recovery win-back turnaround
    double raise scale accelerate shorten strengthen retain retention expand expansion upsell prevent prioriti* allocate invest
    reposition verbesser* steiger* erhoh* senken mejorar aumentar ameliorer augmenter melhorar migliorare verbeter* popraw* zwieksz*`,
  foresee: `forecast* predict* scenario* simulat* project projection likely likelihood probability if assume assumption assumptions
    sensitivity what-if happens wenn si se jesli prognos* pronostic* prevision* previs*`,
  stakes: `board ceo cfo cto coo vp executive exec director boss partner partners champion sponsor procurement council committee
    stakeholder* investor* contract revenue margin margins profit quota target targets budget`,
  horizon: `quarter quarters year years month months annual yearly quarterly long-term next future h1 h2 q1 q2 q3 q4 90-day 30-60-90
    quartal jahr trimestre ano annee semestre rok kwartal kwartaal jaar`,
  steps: `step steps stages phase phases timeline milestones owners deadlines metrics kpi kpis measure order first then finally after
    before each workflow process rollout schritt* pasos etapes passos fasi kroki stappen`,
  scope: `all every each everyone everybody everything across any whole entire both alle* jede* todos todas tous toutes tutti tutte
    wszyst* allemaal`,
  arrange: `by per sort sorted order ordered rank ranked group grouped compare compared comparison versus vs against split breakdown
    break table columns descending ascending biggest largest newest oldest highest top most flag nach sortiert gruppiert ordenad* trie*
    par por ordina* gesorteerd vergleich* compar* vergelijk* porown* confront*`,
  condition: `without no not never more less over under above below older than since between except only where who whose that have has
    haven't hasn't havent hasnt didn't didnt with ohne mit mehr als seit sin con mas desde sans avec plus depuis sem com mais senza piu`,
  several: `and also plus then as both another two three four five six ten und y et e en i`,
  contrary: `but however though although yet either or instead whereas while despite still even aber oder pero o mais ou ma maar ale`,
  self: `i i'm im me my mine we we're our us`,
  chat: `hi hello hey thanks thank thx ty cheers ok okay k yes yeah yep no nope sure great cool nice perfect lol haha sorry bye morning
    danke gracias merci obrigado grazie bedankt dzieki ja si oui sim hallo hola bonjour ola ciao`,
} as const;

export type Concept = keyof typeof concepts;

/** A concept goes by its place here, so that thirty of them fit into the bits of one number. */
export const conceptNames = Object.keys(concepts) as Concept[];

const exact = new Map<string, number[]>();
const stems = new Map<string, number[]>();
for (const [place, name] of conceptNames.entries()) {
  for (const entry of new Set(concepts[name].split(/\s+/))) {
    const stem = entry.endsWith('*');
    const word = stem ? entry.slice(0, -1) : entry;
    const into = stem ? stems : exact;
    into.set(word, [...(into.get(word) ?? []), place]);
  }
}
const stemLengths = [...stems.keys()].map((stem) => stem.length);
const shortest = Math.min(...stemLengths);
const longest = Math.max(...stemLengths);

const none: readonly number[] = [];

/** What a word, lower case and without accents, is a sign of. */
export function conceptsOf(word: string): readonly number[] {
  const known = exact.get(word);
  if (known) return known;
  for (let size = Math.min(longest, word.length); size >= shortest; size--) {
    const found = stems.get(word.slice(0, size));
    if (found) return found;
  }
  return none;
}
