// The emoji that are offered; any other can be typed.

/** @type {[string, string][]} */
export const EMOJI = [
  ['👍', 'thumbs up'], ['❤️', 'heart'], ['😂', 'tears of joy'], ['😮', 'surprise'], ['😢', 'sadness'], ['🙏', 'folded hands'],
  ['😊', 'smile'], ['😍', 'heart eyes'], ['🤔', 'thinking'], ['😴', 'sleeping'], ['😡', 'anger'], ['👎', 'thumbs down'],
  ['👏', 'clapping'], ['💪', 'strong arm'], ['👋', 'waving hand'], ['🎉', 'party'], ['🔥', 'fire'], ['⭐', 'star'],
  ['✅', 'check mark'], ['❌', 'cross'], ['❓', 'question'], ['☕', 'coffee'], ['👟', 'shoe'], ['🎁', 'present'],
];
