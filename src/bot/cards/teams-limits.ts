/** What Teams takes. Its documents name a hundred kilobytes for a message; cards are refused from some 28 on, and clients count differently. */
export const limits = {
  /** Of text and card together, as JSON. */
  message: 25_000,
  /** What we fill of it: the envelope and what a surface adds need room, too. */
  filled: 23_000,
  /** Of one element, so that several of them fill a message well. */
  element: 6000,
  text: 20_000,
  summary: 300,
  /** In one row: what hosts draw before they hide the rest. */
  actions: 5,
  button: 75,
  heading: 300,
  tableColumns: 20,
  tableRows: 100,
  cell: 500,
  chartCategories: 20,
  chartSeries: 6,
  chartLabel: 40,
  inputValue: 4000,
  choices: 100,
  refreshed: 60,
  citations: 20,
  url: 2000,
} as const;
