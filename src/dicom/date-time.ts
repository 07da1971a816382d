/**
 * DICOM's DA, TM and DT (PS3.5 6.2) of a moment. Dates and times are local, as those of the scanners around us are;
 * the date-time says its offset.
 */

const digits = (value: number, count = 2) => String(value).padStart(count, "0");

export function dicomDate(moment: Date): string {
  return digits(moment.getFullYear(), 4) + digits(moment.getMonth() + 1) + digits(moment.getDate());
}

export function dicomTime(moment: Date): string {
  return digits(moment.getHours()) + digits(moment.getMinutes()) + digits(moment.getSeconds());
}

export function dicomDateTime(moment: Date): string {
  const offsetMin = -moment.getTimezoneOffset();
  const sign = offsetMin < 0 ? "-" : "+";
  const offset = digits(Math.floor(Math.abs(offsetMin) / 60)) + digits(Math.abs(offsetMin) % 60);
  return dicomDate(moment) + dicomTime(moment) + sign + offset;
}

/** A time without its date is enough to compare. Midnight to the second is what de-identification leaves behind. */
export function secondsOf(dateTime: string): number | null {
  const parts = /^(\d{8})?(\d\d)(\d\d)(\d\d)(\.\d+)?(?:$|[&+-])/.exec(dateTime);
  if (parts === null || /^(\d{8})?000000(\.0*)?($|[&+-])/.test(dateTime)) return null;
  const [, date = "19700101", hour, minute, second, fraction = "0"] = parts;
  const day = Date.UTC(Number(date.slice(0, 4)), Number(date.slice(4, 6)) - 1, Number(date.slice(6, 8))) / 1000;
  return day + Number(hour) * 3600 + Number(minute) * 60 + Number(second) + Number(fraction);
}
