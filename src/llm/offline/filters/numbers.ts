const numbers: Record<string, number> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  dozen: 12,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
  hundred: 100,
  a: 1,
  an: 1,
  couple: 2,
  few: 3,
  'couple of': 2,
  'a couple of': 2,
  'a few': 3,
  'a dozen': 12,
  'half a dozen': 6,
};
/** A number as people write it; for use inside a pattern. */
export const numberWord = String.raw`(?:\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|dozen|twelve|fifteen|twenty|thirty|fifty|sixty|ninety|half a dozen|a dozen|a couple of|a couple|couple of|a few|an?)`;
export const numberOf = (text: string): number => numbers[text] ?? Number(text);
const perUnit: Record<string, number> = { day: 1, week: 7, month: 30, year: 365, quarter: 90, fortnight: 14 };
/** Days in "2 weeks", "a month". */
export const daysOf = (amount: string | undefined, unit: string): number =>
  Math.round((amount ? numberOf(amount) : 1) * (perUnit[unit.replace(/s$/, '')] ?? 1));
