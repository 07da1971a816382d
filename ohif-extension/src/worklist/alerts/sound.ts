/** Two tones, twice: heard in a reading room, and like nothing else there. */
const TONES_HZ = [880, 1174.7, 880, 1174.7];
const TONE_S = 0.16;
const LOUDNESS = 0.25;

let audio: AudioContext | undefined;

/**
 * Browsers allow no sound before the page has been clicked or typed in: call it then.
 * @param onChange hears whether a sound can be heard
 */
export function unlockSound(onChange: (isReady: boolean) => void): void {
  if (audio === undefined) {
    const made = new AudioContext();
    made.addEventListener("statechange", () => onChange(made.state === "running"));
    audio = made;
  }
  onChange(audio.state === "running");
  // Without a click it does not come to an end.
  if (audio.state !== "running") void audio.resume().catch(() => {});
}

export function playSound(): void {
  if (audio?.state !== "running") return;
  for (const [index, hz] of TONES_HZ.entries()) {
    const start = audio.currentTime + index * TONE_S * 1.4;
    const tone = new OscillatorNode(audio, { frequency: hz, type: "triangle" });
    const gain = new GainNode(audio, { gain: 0 });
    // Without a rise and a fall it clicks.
    gain.gain.setValueAtTime(0, start);
    gain.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    gain.gain.setValueAtTime(LOUDNESS, start + TONE_S - 0.04);
    gain.gain.linearRampToValueAtTime(0, start + TONE_S);
    tone.connect(gain).connect(audio.destination);
    tone.start(start);
    tone.stop(start + TONE_S);
  }
}
