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
