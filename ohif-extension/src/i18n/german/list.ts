/** src/worklist and src/ui of the extension. */
export default {
  // study-groups.ts, list-bar.ts
  "Needs attention": "Zu beachten",
  Read: "Befundet",
  Waiting: "Wartend",
  All: "Alle",
  "Whole PACS": "Ganzes PACS",
  "Which studies are listed": "Welche Untersuchungen die Liste zeigt",
  "What the PACS itself answers, whether Vigil knows the study or not":
    "Was das PACS selbst antwortet, ob Vigil die Untersuchung kennt oder nicht",
  Search: "Suchen",
  "Search the PACS": "Im PACS suchen",
  "Search the work list": "In der Arbeitsliste suchen",
  "{hidden} hidden by the filters below: show": "{hidden} durch die Filter unten verborgen: anzeigen",

  // data-source.ts
  "The PACS does not answer: these are the studies that Vigil knows":
    "Das PACS antwortet nicht: dies sind die Untersuchungen, die Vigil kennt",
  "Vigil's work list cannot be read: these are studies of the PACS, in no order of urgency":
    "Vigils Arbeitsliste ist nicht lesbar: dies sind Untersuchungen des PACS, nicht nach Dringlichkeit geordnet",
  "Asking the PACS: {count} studies so far": "Das PACS wird abgefragt: bisher {count} Untersuchungen",
  "The PACS did not answer every query: of its studies {count} are shown, others may be missing. “{again}” asks again":
    "Das PACS hat nicht jede Abfrage beantwortet: {count} seiner Untersuchungen sind zu sehen, weitere können fehlen. „{again}“ fragt erneut",
  "The first {count} studies of the PACS: a search finds the others":
    "Die ersten {count} Untersuchungen des PACS: die Suche findet die übrigen",

  // columns.tsx, cells.tsx
  Triage: "Triage",
  Score: "Score",
  Kind: "Typ",
  Patient: "Patient",
  Arrived: "Eingang",
  Priority: "Priorität",
  Description: "Beschreibung",
  Ward: "Station",
  "Not seen by Vigil": "Von Vigil nicht gesehen",
  "Haemorrhage is likely, but no kind of it reaches its own threshold":
    "Eine Blutung ist wahrscheinlich, aber kein Typ erreicht seine eigene Schwelle",
  "kind uncertain": "Typ unklar",
  unknown: "unbekannt",
  "No description": "Keine Beschreibung",

  // read-mark.tsx
  "being read by {reader} since {time}": "wird seit {time} von {reader} befundet",
  "agreed {time}": "bestätigt {time}",
  "agreed by {reader} {time}": "bestätigt von {reader}, {time}",
  "disagreed {time}": "widersprochen {time}",
  "disagreed by {reader} {time}": "widersprochen von {reader}, {time}",

  // arrival.ts, patient.ts
  "{days} d": "{days} T",
  "Arrived {at}, no result yet": "Eingegangen {at}, noch kein Ergebnis",
  "Arrived {at}, result after {time}": "Eingegangen {at}, Ergebnis nach {time}",
  "Unnamed, {id}": "Ohne Namen, {id}",
  "ID {id}": "ID {id}",
  "study …{id}": "Untersuchung …{id}",
  "accession {id}": "Auftragsnr. {id}",
  F: "W",
  M: "M",
  other: "divers",
  "{months} mo": "{months} Mon.",
  "{years} y": "{years} J.",

  // live-header.tsx
  connecting: "verbindet",
  live: "live",
  "connection lost: results may be old": "Verbindung unterbrochen: Ergebnisse können veraltet sein",
  "{count} critical": "{count} kritisch",
  "{count} undetermined": "{count} nicht beurteilbar",
  "Research use only": "Nur für Forschung",

  // alerts, critical-notice.ts
  "Critical: {patient}": "Kritisch: {patient}",
  "New: {patient}": "Neu: {patient}",
  "Alerts on": "Alarm an",
  "Alerts off": "Alarm aus",
  "Alerts on, sound after a click": "Alarm an, Ton nach einem Klick",
  "Notification and sound for new critical studies, until somebody opens them":
    "Benachrichtigung und Ton bei neuen kritischen Untersuchungen, bis jemand sie öffnet",

  // preview
  Preview: "Vorschau",
  Loading: "Wird geladen",
  "No study is chosen: ↓ chooses one": "Keine Untersuchung gewählt: ↓ wählt eine",
  "The preview cannot be loaded. Reload the page.": "Die Vorschau lässt sich nicht laden. Bitte die Seite neu laden.",
  "Vigil does not know this study: nothing is said of it.":
    "Vigil kennt diese Untersuchung nicht: dazu gibt es keine Aussage.",
  "Vigil cannot be reached: what the list says may be old.":
    "Vigil ist nicht erreichbar: die Angaben der Liste können veraltet sein.",
  "Vigil cannot make the preview now. Open the study to see its images.":
    "Vigil kann die Vorschau derzeit nicht erstellen. Die Bilder sind in der geöffneten Untersuchung zu sehen.",
  "The PACS does not give this image now": "Das PACS liefert dieses Bild derzeit nicht",
  "Slice {number} of {of}": "Schicht {number} von {of}",
  "Heat map": "Heatmap",
  "Arrived {time} ago": "Eingang vor {time}",
  "result after {time}": "Ergebnis nach {time}",
  Findings: "Befunde",
  "Below their thresholds: {kinds}": "Unter der jeweiligen Schwelle: {kinds}",
  Priors: "Voruntersuchungen",
  "no date": "ohne Datum",
  Open: "Öffnen",
  "Open settings": "Einstellungen öffnen",
  Agree: "Zustimmen",
  Disagree: "Widersprechen",
  Bleeding: "Blutung",
  "No bleeding": "Keine Blutung",
  Undo: "Zurücknehmen",
  "Undo: {patient}": "Zurücknehmen: {patient}",
  Keep: "Speichern",
  "Your name, kept with your answers": "Ihr Name, zu den Antworten gespeichert",

  // not-seen.tsx
  "The head was not seen whole": "Der Schädel wurde nicht vollständig gesehen",
  "1 remark on the images": "1 Hinweis zu den Bildern",
  "{count} remarks on the images": "{count} Hinweise zu den Bildern",
};
