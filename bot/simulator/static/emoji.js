/**
 * Emoji short names and their characters.
 *
 * A name that is not in the table is shown as `:name:`, as a workspace shows an emoji it does not have.
 */
import { el } from "./dom.js";
import { DRAWN, drawing } from "./drawn.js";

const TABLE = `
+1 👍|-1 👎|100 💯|alarm_clock ⏰|ambulance 🚑|apple 🍎|arrow_down ⬇️|arrow_forward ▶️|arrow_left ⬅️|arrow_right ➡️|arrow_up ⬆️
arrows_counterclockwise 🔄|art 🎨|astonished 😲|baby_chick 🐤|ballot_box_with_check ☑️|balloon 🎈|bangbang ‼️|bank 🏦|bar_chart 📊
battery 🔋|bear 🐻|beer 🍺|beers 🍻|bell 🔔|bento 🍱|bike 🚲|birthday 🎂|black_circle ⚫|blue_book 📘|blue_heart 💙|blush 😊|book 📖
bookmark 🔖|books 📚|boom 💥|bowtie 🎀|brain 🧠|briefcase 💼|broken_heart 💔|bug 🐛|building_construction 🏗️|bulb 💡|bus 🚌
bust_in_silhouette 👤|busts_in_silhouette 👥|cake 🍰|calendar 📅|camera 📷|candy 🍬|car 🚗|card_file_box 🗃️|card_index 📇|cat 🐱
champagne 🍾|chart_with_downwards_trend 📉|chart_with_upwards_trend 📈|checkered_flag 🏁|cherry_blossom 🌸|clap 👏|clipboard 📋
clock1 🕐|clock3 🕒|closed_book 📕|cloud ☁️|coffee ☕|computer 💻|confetti_ball 🎊|confused 😕|construction 🚧|cookie 🍪|cool 🆒
credit_card 💳|crescent_moon 🌙|crossed_fingers 🤞|crown 👑|cry 😢|crying_cat_face 😿|dart 🎯|desktop_computer 🖥️|detective 🕵️|dizzy 💫
dog 🐶|door 🚪|dollar 💵|earth_africa 🌍|earth_americas 🌎|earth_asia 🌏|egg 🥚|electric_plug 🔌|email 📧|envelope ✉️
envelope_with_arrow 📩|exclamation ❗|eye 👁️|eyeglasses 👓|eyes 👀|face_palm 🤦|facepunch 👊|factory 🏭|fax 📠|file_cabinet 🗄️
file_folder 📁|fire 🔥|fire_engine 🚒|fireworks 🎆|first_place_medal 🥇|fish 🐟|flag-de 🇩🇪|flag-eu 🇪🇺|flag-fr 🇫🇷|flag-gb 🇬🇧|flag-us 🇺🇸
four_leaf_clover 🍀|fox_face 🦊|gear ⚙️|gem 💎|gift 🎁|glasses 👓|globe_with_meridians 🌐|green_apple 🍏|green_book 📗|green_circle 🟢
green_heart 💚|grey_exclamation ❕|grey_question ❔|grin 😁|grinning 😀|hamburger 🍔|hammer 🔨|hammer_and_wrench 🛠️|handshake 🤝
hankey 💩|headphones 🎧|heart ❤️|heart_eyes 😍|heavy_check_mark ✔️|heavy_minus_sign ➖|heavy_plus_sign ➕|heavy_multiplication_x ✖️
herb 🌿|hospital 🏥|hourglass ⌛|hourglass_flowing_sand ⏳|house 🏠|hugging_face 🤗|inbox_tray 📥|information_source ℹ️|innocent 😇
interrobang ⁉️|iphone 📱|jigsaw 🧩|joy 😂|key 🔑|keyboard ⌨️|label 🏷️|large_blue_circle 🔵|large_green_circle 🟢|large_orange_circle 🟠
large_yellow_circle 🟡|laptop 💻|laughing 😆|leaves 🍃|ledger 📒|lightning ⚡|link 🔗|lock 🔒|loudspeaker 📢|mag 🔍|mag_right 🔎
mailbox 📫|man-shrugging 🤷‍♂️|mega 📣|memo 📝|microscope 🔬|minidisc 💽|money_with_wings 💸|moneybag 💰|moon 🌔|mouse 🐭|muscle 💪
mute 🔇|necktie 👔|nerd_face 🤓|neutral_face 😐|new 🆕|newspaper 📰|no_bell 🔕|no_entry ⛔|no_entry_sign 🚫|no_good 🙅|notebook 📓
nut_and_bolt 🔩|office 🏢|ok 🆗|ok_hand 👌|open_book 📖|open_file_folder 📂|open_hands 👐|open_mouth 😮|orange_book 📙|outbox_tray 📤
package 📦|page_facing_up 📄|page_with_curl 📃|palm_tree 🌴|paperclip 📎|partying_face 🥳|pencil 📝|pencil2 ✏️|pensive 😔|phone ☎️
pill 💊|pizza 🍕|plane ✈️|airplane ✈️|point_down 👇|point_left 👈|point_right 👉|point_up ☝️|point_up_2 👆|popcorn 🍿|postbox 📮
pray 🙏|printer 🖨️|purple_heart 💜|pushpin 📌|question ❓|rabbit 🐰|rage 😡|rainbow 🌈|raised_hand ✋|raised_hands 🙌|raising_hand 🙋
receipt 🧾|recycle ♻️|red_circle 🔴|relaxed ☺️|relieved 😌|repeat 🔁|rescue_worker_helmet ⛑️|robot_face 🤖|rocket 🚀|rofl 🤣
rolling_on_the_floor_laughing 🤣|rotating_light 🚨|round_pushpin 📍|runner 🏃|sad 😞|satellite 📡|saluting_face 🫡|scales ⚖️|school 🏫
scissors ✂️|scream 😱|scroll 📜|second_place_medal 🥈|see_no_evil 🙈|seedling 🌱|shield 🛡️|ship 🚢|shrug 🤷|simple_smile 🙂|skull 💀
sleeping 😴|slightly_frowning_face 🙁|slightly_smiling_face 🙂|small_blue_diamond 🔹|small_orange_diamond 🔸|small_red_triangle 🔺|smile 😄
smiley 😃|smirk 😏|snail 🐌|snowflake ❄️|sob 😭|sos 🆘|sparkler 🎇|sparkles ✨|speaker 🔈|speech_balloon 💬|spiral_calendar_pad 🗓️
spiral_note_pad 🗒️|star ⭐|star-struck 🤩|star2 🌟|stopwatch ⏱️|sunflower 🌻|sunglasses 😎|sunny ☀️|sunrise 🌅|sweat_smile 😅
sweat_drops 💦|sync 🔄|tada 🎉|tea 🍵|telephone_receiver 📞|test_tube 🧪|thermometer 🌡️|thinking_face 🤔|third_place_medal 🥉
thought_balloon 💭|thumbsdown 👎|thumbsup 👍|ticket 🎫|timer_clock ⏲️|toolbox 🧰|train 🚆|triangular_flag_on_post 🚩|trophy 🏆|truck 🚚
tulip 🌷|turtle 🐢|tv 📺|umbrella ☔|unamused 😒|unlock 🔓|up 🆙|upside_down_face 🙃|v ✌️|vertical_traffic_light 🚦|video_camera 📹
warning ⚠️|wastebasket 🗑️|watch ⌚|wave 👋|weary 😩|whale 🐳|wheel 🛞|white_check_mark ✅|white_circle ⚪|white_large_square ⬜|wink 😉
woman-shrugging 🤷‍♀️|wrench 🔧|writing_hand ✍️|x ❌|yellow_heart 💛|yum 😋|zap ⚡|zipper_mouth_face 🤐|zzz 💤|one 1️⃣|two 2️⃣|three 3️⃣
four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|ten 🔟|ferris_wheel 🎡|identification_card 🪪|compass 🧭|world_map 🗺️|sleuth_or_spy 🕵️`;

const CHARACTERS = new Map(
  TABLE.split(/[|\n]/).filter(Boolean).map((pair) => {
    const space = pair.indexOf(" ");
    return [pair.slice(0, space), pair.slice(space + 1)];
  }),
);

const NAMES = new Map([...CHARACTERS].map(([name, character]) => [character, name]));
const PICTOGRAPH = /\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?/gu;

/** The reactions offered first. */
export const FREQUENT = ["+1", "white_check_mark", "eyes", "heart", "tada", "bulb", "thinking_face", "-1"];

/** Return the character of a short name (with or without a skin tone), or `:name:` when the table has none. */
export function emoji(name) {
  const base = String(name).split("::")[0];
  return CHARACTERS.get(base) ?? `:${name}:`;
}

/** Return the node of one emoji, named on hover: its character, or a drawing where the machine has no emoji font. */
export function emojiNode(name) {
  const base = String(name).split("::")[0];
  const shown = hasFont() ? emoji(base) : (drawing(base) ?? `:${name}:`);
  if (shown === `:${name}:`) return el("span", { class: "muted" }, shown);
  return el("span", { class: "emoji", title: `:${name}:` }, shown);
}

/** Return text as nodes, its emoji characters drawn where the machine has no emoji font. */
export function textNodes(text) {
  if (hasFont() || text.search(PICTOGRAPH) === -1) return text ? [text] : [];
  const found = text.match(PICTOGRAPH) ?? [];
  const between = text.split(PICTOGRAPH);
  return between.flatMap((part, index) => [part, found[index] ? characterNode(found[index]) : ""]).filter((part) => part !== "");
}

/** Return text with its `:name:` short names as nodes. */
export function plainNodes(text) {
  const parts = text.split(/(?<![\w:]):([a-z0-9_+'-]+):/);
  return parts.flatMap((part, index) => (index % 2 ? [emojiNode(part)] : textNodes(part)));
}

/** Return up to `limit` short names that contain `text`, those that start with it first. */
export function findEmoji(text, limit = 56) {
  const wanted = text.toLowerCase().replaceAll(" ", "_");
  const all = hasFont() ? [...CHARACTERS.keys()] : DRAWN;
  const names = all.filter((name) => name.includes(wanted));
  names.sort((a, b) => Number(b.startsWith(wanted)) - Number(a.startsWith(wanted)));
  return (wanted ? names : [...FREQUENT, ...names.filter((name) => !FREQUENT.includes(name))]).slice(0, limit);
}

function characterNode(character) {
  const name = NAMES.get(character) ?? NAMES.get(`${character}\uFE0F`) ?? NAMES.get(character.replace("\uFE0F", ""));
  return name ? emojiNode(name) : character;
}

/** Whether emoji come out in colour here, found by drawing one. */
function hasFont() {
  document.documentElement.dataset.emoji ??= drawsColour() ? "font" : "drawn";
  return document.documentElement.dataset.emoji === "font";
}

function drawsColour() {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.font = '32px "Apple Color Emoji", "Segoe UI Emoji", "Noto Color Emoji", sans-serif';
  context.fillText("\u{1F600}", 0, 32);
  const { data } = context.getImageData(0, 0, 40, 40);
  return data.some((value, index) => index % 4 === 0 && (value !== data[index + 1] || value !== data[index + 2]));
}
