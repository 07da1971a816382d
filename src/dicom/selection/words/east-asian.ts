import type { Vocabulary } from "./vocabulary.ts";

/** These scripts write no spaces between words: each entry is found anywhere in a text. */

export const chinese: Vocabulary = {
  head: `头 頭 脑 腦 颅 顱`,
  other: `胸 腹 骨盆 盆腔 颈 頸 脊柱 腰椎 全身`,
  face: `鼻窦 副鼻 眼眶 颞骨 內耳 内耳 中耳 颌 牙 面部 颜面`,
  contrast: `增强 增強 对比剂 對比劑 造影剂 造影劑`,
  angiography: `造影 血管 动脉 動脈 静脉 靜脈 灌注 延迟`,
  native: `平扫 平掃`,
  without: `无 無 未 非 不 没有 沒有`,
  localizer: `定位`,
  bone: `骨窗 骨算法 骨重建 骨组织`,
};

export const japanese: Vocabulary = {
  head: `脳 頭部 頭蓋`,
  other: `頸部 頚部`,
  face: `副鼻腔 側頭骨 顎 歯 眼窩`,
  contrast: `造影`,
  native: `単純`,
  withoutBehind: `なし 無し ナシ`,
  localizer: `スカウト 位置決め`,
  bone: `骨条件 骨関数 骨モード`,
};

export const korean: Vocabulary = {
  head: `두부 뇌 머리 두개`,
  other: `흉부 복부 골반 경부 척추`,
  face: `부비동 측두골 안와 치아`,
  contrast: `조영`,
  angiography: `혈관 관류`,
  native: `비조영 조영전`,
  withoutBehind: `없음`,
  bone: `골조건 뼈`,
};
