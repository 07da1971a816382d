import type { Vocabulary } from "./vocabulary.ts";

export const arabic: Vocabulary = {
  head: `رأس* الرأس* دماغ* الدماغ* مخ المخ جمجمة الجمجمة`,
  other: `صدر الصدر بطن البطن حوض الحوض رقبة الرقبة`,
  face: `جيوب الجيوب`,
  contrast: `صبغة صبغه الصبغة تباين`,
  without: `بدون بلا لا`,
};

export const hebrew: Vocabulary = {
  head: `ראש* מוח* גולגולת`,
  other: `חזה בטן אגן צוואר`,
  face: `סינוסים`,
  contrast: `ניגוד הזרקה ח_נ`,
  without: `ללא בלי`,
};
