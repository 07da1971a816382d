import { filesOf } from "../support/studies.ts";
import { ViewerStage } from "../support/viewer-stage.ts";
import { prior, priorStudy, today, todayStudy } from "../viewer/made-panel.ts";
const ofPrior = { studyInstanceUid: prior.studyInstanceUid, studyDate: "20261122", studyTime: "080000", studyDescription: "x", state: "reported", flag: "critical", notSeen: [], probability: .88, threshold: .635, findings: [{label:"any",probability:.88},{label:"intraparenchymal",probability:.8}] };
const stage = await ViewerStage.open([today, prior].flatMap(filesOf), [{ ...todayStudy, patient: { ...todayStudy.patient, studyDate: "20261124", studyTime: "100000" }, priors: [ofPrior] } as never, priorStudy]);
stage.page.on("console", (m) => { const x = m.text(); if (!/ProtocolEngine::|Download the React/.test(x)) console.log("C", m.type(), x.slice(0, 400)); });
stage.page.on("pageerror", (e) => console.log("E", e.message, e.stack?.slice(0,500)));
try {
  await stage.viewer.openStudy(today.studyInstanceUid);
  await stage.page.waitForTimeout(2500);
  console.log("=== MPR");
  await stage.page.keyboard.press("h"); await stage.page.waitForTimeout(1500);
  await stage.viewer.runCommand("toggleHangingProtocol", { protocolId: "mpr" });
  await stage.page.waitForTimeout(4000); console.log(await stage.viewer.planes(), await stage.viewer.colouredPixelsOfAll());
  console.log("== N"); await stage.page.keyboard.press("n"); await stage.page.waitForTimeout(2000); console.log(await stage.viewer.planes(), await stage.viewer.colouredPixelsOfAll());
  await stage.page.screenshot({ path: "/var/tmp/paneldbg/mpr.png" });
  console.log("== N"); await stage.page.keyboard.press("n"); await stage.page.waitForTimeout(2000); console.log(await stage.viewer.planes());
  console.log("== back"); await stage.viewer.runCommand("toggleHangingProtocol", { protocolId: "mpr" }); await stage.page.waitForTimeout(3000); console.log(await stage.viewer.shownSlices(), await stage.viewer.colouredPixelsOfAll());
} finally { await stage.close(); }
