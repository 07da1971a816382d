/** Twelve people who do not exist, in the scripts of the field, and everything that a hospital writes about them. */

export interface Person {
  /** Specific Character Set (0008,0005) of their objects. */
  characterSet: string;
  /** Alphabetic, ideographic and phonetic, as PN has them. */
  name: string;
  family: string;
  given: string;
  /** The same in other letters. */
  alsoCalled: string[];
  id: string;
  otherId: string;
  accession: string;
  birthDate: string;
  phone: string;
  email: string;
  address: string;
  hospital: string;
  physician: string;
  age: string;
  sex: string;
}

const rows: [string, string, string, string, string[], string, string][] = [
  [
    "ISO_IR 100",
    "Müller-Lüdenscheidt^Jörg",
    "Müller-Lüdenscheidt",
    "Jörg",
    ["Mueller-Luedenscheidt", "JOERG MUELLER"],
    "067Y",
    "M",
  ],
  ["ISO_IR 126", "Παπαδόπουλος^Γεώργιος", "Παπαδόπουλος", "Γεώργιος", ["Papadopoulos", "ΠΑΠΑΔΟΠΟΥΛΟΣ"], "054Y", "M"],
  [
    "ISO 2022 IR 6\\ISO 2022 IR 87",
    "Yamada^Tarou=山田^太郎=やまだ^たろう",
    "Yamada",
    "Tarou",
    ["山田太郎", "やまだ"],
    "041Y",
    "M",
  ],
  ["ISO_IR 127", "قباني^لنزار", "قباني", "لنزار", ["Qabbani", "Lnizar"], "072Y", "F"],
  [
    "ISO 2022 IR 6\\ISO 2022 IR 149",
    "Hong^Gildong=洪^吉洞=홍^길동",
    "Gildong",
    "Hong",
    ["홍길동", "吉洞"],
    "033Y",
    "F",
  ],
  ["ISO_IR 192", "Þórðardóttir^Ásdís", "Þórðardóttir", "Ásdís", ["Thordardottir", "Asdis"], "095Y", "F"],
  ["ISO_IR 192", "Иванова^Светлана", "Иванова", "Светлана", ["Ivanova", "Svetlana"], "061Y", "F"],
  ["ISO_IR 192", "王^小东=王小东", "王小东", "小东", ["Xiaodong Wang", "Xiaodong"], "048Y", "M"],
  [
    "ISO_IR 100",
    "O'Shaughnessy^Siobhán^Mary^Mrs.",
    "O'Shaughnessy",
    "Siobhán",
    ["Oshaughnessy", "Siobhan"],
    "089Y",
    "F",
  ],
  ["ISO_IR 192", "Nguyễn^Thị Hồng", "Nguyễn", "Hồng", ["Nguyen", "Thi Hong"], "029Y", "F"],
  ["ISO_IR 192", "van der Bergh^Willemijn", "van der Bergh", "Willemijn", ["BERGH WILLEMIJN", "Willemyn"], "102Y", "F"],
  ["ISO_IR 6", "SPINELLI^CHESTER HEADLEY", "SPINELLI", "CHESTER", ["Headley Spinelli", "chester"], "007M", "O"],
];

export const PEOPLE: Person[] = rows.map(([characterSet, name, family, given, alsoCalled, age, sex], i) => ({
  ...{ characterSet, name, family, given, alsoCalled, age, sex },
  id: `MRN-${48213377 + i * 7919}`,
  otherId: `X${770011 + i * 137}Q`,
  accession: `ACC${55120934 + i * 3571}`,
  birthDate: `19${30 + i * 4}0${1 + (i % 9)}1${i % 9}`,
  phone: `+49 221 ${4710 + i * 111}-${60 + i}`,
  email: `contact${i}@kliniksued-${i}.example.org`,
  address: `${112 + i} Rosengasse ${i + 3}, 5${1000 + i * 7} Oberunterstadt`,
  hospital: `Sankt-Ansgar-Krankenhaus ${["Wolfenbruck", "Larissa", "Kawagoe", "Tripolis"][i % 4]}`,
  physician: `Featherstonehaugh${"abcdefghijkl"[i]}^Quentin`,
}));

/** In the letters and digits that a text of it is made of; nothing shorter than what cannot stand anywhere by chance. */
export function needlesOf(value: string): string[] {
  return value
    .split(/[\s^=\\,;:()]+/u)
    .map((part) => part.replaceAll(/^[.'-]+|[.'-]+$/g, ""))
    .filter((part) => Buffer.byteLength(part) >= 5);
}
