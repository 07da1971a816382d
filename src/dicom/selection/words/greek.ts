import type { Vocabulary } from "./vocabulary.ts";

export const greek: Vocabulary = {
  head: `ΚΕΦΑΛ* ΕΓΚΕΦΑΛ* ΚΡΑΝΙ*`,
  other: `ΘΩΡΑΚ* ΚΟΙΛΙ* ΠΥΕΛ* ΑΥΧΕΝ* ΤΡΑΧΗΛ* ΣΠΟΝΔΥΛ*`,
  face: `ΛΙΘΟΕΙΔ* ΠΑΡΑΡΡΙΝ* ΚΟΓΧ* ΠΡΟΣΩΠ* ΣΠΛΑΓΧΝ* ΑΥΤΙ ΩΤΟΣ`,
  contrast: `ΣΚΙΑΓΡΑΦΙΚ* ΣΚΙΑΣΤΙΚ* ΕΝΔΟΦΛΕΒΙ*`,
  angiography: `ΑΓΓΕΙΟ* ΑΡΤΗΡΙ* ΦΛΕΒΙΚ* ΑΙΜΑΤΩΣ* ΑΙΜΑΤΩΣΗ*`,
  native: `ΑΠΛΗ ΑΠΛΟ ΑΣΚΙΑΓΡ*`,
  without: `ΧΩΡΙΣ ΑΝΕΥ ΟΧΙ ΚΑΝΕΝΑ*`,
  before: `ΠΡΙΝ ΠΡΟ`,
  with: `ΜΕ`,
  bone: `ΟΣΤ*`,
};
