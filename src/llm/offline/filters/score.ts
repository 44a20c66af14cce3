import type { Remainder } from './remainder.ts';

const score = '(?:(?:the |an? )?(?:icp )?(?:scor(?:e|es|ed|ing)|rating|ratings|rated|points)(?: (?:is|are|of|that is))? ?)?';
const notDays = String.raw`(?! ?(?:days?|weeks?|months?|employees|people|leads|years?|\d))`;
const fromTo = new RegExp(
  String.raw`\b${score}(?:between|from|in the range(?: of)?) (\d{1,3}(?:\.\d+)?) ?(?:and|to|-|&) ?(\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
);
const atLeast = new RegExp(
  String.raw`\b${score}(?:is |are )?(?:above|over|more than|greater than|higher than|better than|at least|north of|exceeding|minimum(?: of)?|min|beyond|from|not (?:below|under)|no less than|bigger than)(?: an?| the)?(?: (?:score|scores|rating)(?: of)?)? (\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
);
const atMost = new RegExp(
  String.raw`\b${score}(?:is |are )?(?:below|under|less than|lower than|at most|worse than|max(?:imum)?(?: of)?|up to|south of|not (?:above|over)|no more than|smaller than)(?: an?| the)?(?: (?:score|scores|rating)(?: of)?)? (\d{1,3}(?:\.\d+)?)${notDays}(?: points)?`,
);

/** Bounds of the score. */
export const scoreIn = (left: Remainder): { minScore?: number; maxScore?: number } => {
  const input: { minScore?: number; maxScore?: number } = {};
  const both =
    left.take(fromTo) ??
    left.take(
      /(?<!\S)(?:(?:scor(?:e|es|ed|ing)|rated|rating)(?: of| from)? )?(\d{1,3})(?: ?(?:-|to) ?)(\d{1,3})(?!\S)(?! (?:days|weeks|employees))/,
    );
  if (both?.[1] && both[2]) {
    input.minScore = Math.min(Number(both[1]), Number(both[2]));
    input.maxScore = Math.max(Number(both[1]), Number(both[2]));
  } else {
    const least =
      left.take(atLeast) ??
      left.take(/(?<!\S)(?:-|>=?|>) ?(\d{1,3})(?!\S)/) ??
      left.take(
        /(?:(?:scor(?:e|es|ed|ing)|rated|rating)(?: of| is)? )?(?<!\S)>?=?(\d{1,3})(?:\+| \+| (?:or|and) (?:more|above|higher|better|up|over)| plus| upwards?)(?!\S)/,
      ) ??
      left.take(/(?<!\S)>=? ?(\d{1,3})(?!\S)/);
    if (least?.[1]) input.minScore = Number(least[1]);
    const most =
      left.take(atMost) ??
      left.take(/(?<!\S)<=? ?(\d{1,3})(?!\S)/) ??
      left.take(/(?<!\S)(\d{1,3}) (?:or|and) (?:less|below|lower|under|worse)(?!\S)/);
    if (most?.[1]) input.maxScore = Number(most[1]);
    if (input.minScore === undefined && input.maxScore === undefined) {
      const scoring = left.take(/\b(?:scor(?:ing|ed)|with (?:a )?scores? of) (\d{2,3})\b/);
      if (scoring?.[1]) input.minScore = Number(scoring[1]);
    }
  }
  return input;
};
