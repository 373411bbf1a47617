#include "processor/text/language.h"

#include "processor/text/utf8.h"
#include "processor/text/words.h"

#include <utf8proc.h>

enum {
    WORDS_MOST = 400,
    TEXT_BYTES_MOST = 1 << 16,
    WORD_WEIGHT = 60,      /* shared among the languages that have the word, so that what tells neighbours apart counts */
    WORD_BYTES_MOST = 32,  /* longer than any small word */
    HITS_LEAST = 2,
    HIT_PERCENT = 6,       /* of the words, that the best language must know */
    LEAD_PERCENT = 110,    /* of the second's score that the best must have */
    SCRIPT_PERCENT = 40    /* of the letters in a script that only one language uses */
};

/* The commonest small words of each language, in byte order. */
static const char *const words_en[] = {
    "about", "after", "and", "are", "as", "at", "be", "been", "but", "by", "for", "from", "had", "has", "have", "he",
    "her", "his", "in", "is", "it", "not", "of", "on", "said", "she", "that", "the", "their", "they", "this", "to",
    "was", "were", "which", "who", "will", "with", "would",
};
static const char *const words_de[] = {
    "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "bis", "das", "dass", "dem", "den", "der", "des", "die",
    "durch", "ein", "eine", "einem", "einer", "er", "es", "für", "haben", "hat", "im", "ist", "mehr", "mit", "nach",
    "nicht", "noch", "nur", "oder", "sich", "sie", "sind", "so", "um", "und", "von", "vor", "war", "werden", "wie",
    "wird", "zu", "zum", "zur", "über",
};
static const char *const words_fr[] = {
    "après", "au", "aux", "avec", "ce", "cette", "comme", "dans", "des", "deux", "du", "elle", "en", "est", "et", "fait",
    "il", "la", "le", "les", "leur", "mais", "même", "ne", "nous", "ont", "ou", "par", "pas", "plus", "pour", "que",
    "qui", "se", "ses", "son", "sont", "sur", "tout", "une", "été", "être",
};
static const char *const words_es[] = {
    "al", "como", "con", "cuando", "de", "del", "desde", "donde", "durante", "el", "en", "entre", "esta", "este", "fue",
    "ha", "hasta", "hay", "la", "las", "le", "lo", "los", "muy", "más", "no", "nos", "para", "pero", "por", "porque",
    "que", "quien", "se", "sin", "sobre", "son", "su", "sus", "sí", "también", "todo", "un", "una", "y",
};
static const char *const words_pt[] = {
    "ao", "as", "até", "com", "como", "da", "das", "de", "depois", "do", "dos", "e", "ela", "em", "entre", "era", "está",
    "foi", "há", "isso", "já", "mais", "mas", "muito", "na", "no", "nos", "não", "o", "os", "ou", "para", "pela", "pelo",
    "por", "quando", "que", "se", "ser", "seu", "sua", "são", "só", "também", "um", "uma",
};
static const char *const words_it[] = {
    "ai", "al", "alla", "anche", "che", "come", "con", "da", "dal", "dalla", "degli", "dei", "del", "della", "delle",
    "di", "dopo", "e", "ed", "essere", "gli", "ha", "hanno", "il", "in", "la", "le", "lo", "ma", "nel", "nella", "non",
    "o", "per", "più", "questo", "si", "sono", "stato", "sul", "suo", "tra", "un", "una", "è",
};
static const char *const words_nl[] = {
    "aan", "als", "bij", "dan", "dat", "de", "deze", "door", "een", "en", "er", "hebben", "heeft", "het", "hij", "ik",
    "in", "is", "je", "kan", "maar", "meer", "met", "naar", "niet", "nog", "om", "ook", "op", "over", "te", "tegen",
    "tot", "uit", "van", "voor", "wel", "werd", "worden", "wordt", "ze", "zich", "zijn",
};
static const char *const words_sv[] = {
    "att", "av", "de", "den", "det", "där", "efter", "eller", "en", "ett", "från", "för", "hade", "han", "har", "hon",
    "i", "inte", "kan", "man", "med", "men", "mot", "mycket", "nu", "när", "och", "också", "om", "på", "sig", "sin",
    "ska", "som", "så", "till", "under", "var", "vi", "är", "år",
};
static const char *const words_da[] = {
    "af", "at", "blev", "de", "den", "der", "det", "efter", "eller", "en", "er", "et", "for", "fra", "han", "har",
    "havde", "hun", "i", "ikke", "kan", "man", "med", "meget", "men", "mod", "nu", "når", "og", "også", "om", "på",
    "sig", "sin", "skal", "som", "så", "til", "ud", "under", "var", "vi", "år",
};
static const char *const words_no[] = {
    "at", "av", "ble", "de", "den", "der", "det", "eller", "en", "er", "et", "etter", "for", "fra", "hadde", "han",
    "har", "hun", "i", "ikke", "kan", "man", "med", "men", "mot", "mye", "nå", "når", "og", "også", "om", "på", "seg",
    "sin", "skal", "som", "så", "til", "under", "ut", "var", "vi", "år",
};
static const char *const words_fi[] = {
    "ei", "että", "hän", "hänen", "ja", "jo", "joka", "jos", "kanssa", "kuin", "kun", "mitä", "mukaan", "mutta", "myös",
    "niin", "noin", "nyt", "ole", "oli", "olla", "ollut", "on", "ovat", "se", "sekä", "sen", "siitä", "tai", "tämä",
    "vain", "vielä", "voi",
};
static const char *const words_pl[] = {
    "a", "ale", "być", "był", "było", "co", "czy", "dla", "do", "i", "ich", "jak", "jego", "jej", "jest", "już", "które",
    "który", "może", "na", "nie", "o", "od", "oraz", "po", "pod", "przed", "przez", "przy", "się", "są", "tak", "także",
    "tego", "to", "tym", "w", "z", "za", "że",
};
static const char *const words_cs[] = {
    "a", "ale", "bude", "by", "bylo", "být", "do", "i", "jako", "je", "jeho", "jen", "jsou", "k", "když", "které",
    "který", "na", "není", "než", "o", "po", "podle", "pro", "roku", "s", "se", "si", "také", "to", "uvedl", "už", "v",
    "ve", "však", "z", "za", "že",
};
static const char *const words_hr[] = {
    "a", "ako", "ali", "bi", "bio", "biti", "da", "i", "ili", "iz", "je", "još", "kako", "kao", "kod", "koja", "koje",
    "koji", "na", "nakon", "ne", "nije", "o", "od", "po", "s", "sa", "samo", "se", "su", "te", "to", "u", "više", "za",
    "će", "što",
};
static const char *const words_ro[] = {
    "a", "această", "acest", "al", "ale", "au", "ca", "care", "cel", "cu", "că", "dar", "de", "despre", "din", "după",
    "este", "fi", "fost", "la", "lui", "mai", "nu", "o", "pe", "pentru", "prin", "până", "sau", "se", "sunt", "un", "va",
    "în", "între", "și",
};
static const char *const words_hu[] = {
    "a", "az", "azt", "csak", "de", "egy", "el", "ez", "fel", "ha", "hogy", "is", "kell", "ki", "között", "lehet",
    "lesz", "majd", "meg", "mint", "már", "még", "nagy", "nem", "pedig", "szerint", "több", "után", "vagy", "van",
    "volt", "és",
};
static const char *const words_tr[] = {
    "ama", "ancak", "bir", "bu", "da", "daha", "de", "dedi", "değil", "diye", "en", "gibi", "göre", "her", "ile", "ise",
    "için", "kadar", "ne", "o", "olan", "olarak", "oldu", "olduğunu", "sonra", "tarafından", "var", "ve", "yeni", "çok",
    "şekilde",
};
static const char *const words_id[] = {
    "ada", "adalah", "akan", "atau", "bisa", "dalam", "dan", "dari", "dengan", "di", "dia", "hanya", "harus", "ini",
    "itu", "juga", "karena", "kata", "ke", "kepada", "lebih", "mereka", "oleh", "pada", "para", "saat", "sebagai",
    "sudah", "telah", "tersebut", "tidak", "untuk", "yang",
};
static const char *const words_vi[] = {
    "bị", "cho", "các", "còn", "có", "cũng", "của", "khi", "không", "là", "một", "người", "nhiều", "như", "những", "này",
    "năm", "ra", "sẽ", "theo", "thì", "trong", "trên", "tại", "từ", "và", "vào", "về", "với", "ông", "đã", "được", "đến",
    "để",
};
static const char *const words_sw[] = {
    "alisema", "ambao", "baada", "cha", "hii", "hivyo", "hiyo", "hizo", "huo", "huu", "kama", "katika", "kutoka", "kuwa",
    "kwa", "la", "lakini", "na", "nchini", "ni", "pia", "wa", "wake", "watu", "ya", "yake", "za", "zaidi",
};
static const char *const words_ru[] = {
    "а", "бы", "был", "были", "было", "в", "во", "все", "для", "до", "его", "если", "еще", "же", "за", "и", "из", "или",
    "их", "к", "как", "на", "не", "но", "о", "он", "она", "от", "по", "после", "при", "с", "со", "так", "также", "то",
    "только", "у", "уже", "что", "это",
};
static const char *const words_uk[] = {
    "або", "але", "був", "були", "було", "в", "вже", "від", "він", "для", "до", "з", "за", "й", "його", "ми", "може",
    "на", "не", "про", "під", "після", "та", "також", "у", "це", "час", "що", "щоб", "як", "якщо", "які", "є", "і", "із",
};
static const char *const words_bg[] = {
    "бе", "беше", "в", "ги", "да", "до", "е", "за", "и", "или", "има", "като", "които", "който", "към", "между", "му",
    "на", "не", "но", "от", "още", "по", "през", "при", "с", "са", "само", "се", "си", "след", "това", "че", "ще",
};
static const char *const words_sr[] = {
    "а", "ако", "али", "би", "био", "бити", "више", "да", "за", "и", "из", "или", "како", "као", "код", "која", "које",
    "који", "на", "након", "не", "није", "о", "од", "по", "са", "само", "се", "су", "то", "у", "што", "је", "још", "ће",
};
static const char *const words_ar[] = {
    "أن", "أو", "إلى", "التي", "الذي", "بعد", "بين", "خلال", "ذلك", "عبر", "على", "عن", "في", "قال", "قد", "كان", "كل",
    "كما", "لا", "ما", "مع", "من", "هذا", "هذه", "وقال",
};
static const char *const words_fa[] = {
    "آن", "از", "است", "اما", "ایران", "این", "با", "بر", "برای", "به", "تا", "خود", "در", "را", "شد", "شده", "می",
    "نیز", "های", "هم", "وی", "کرد", "که", "گفت", "یک",
};
static const char *const words_ur[] = {
    "اس", "انہوں", "اور", "بھی", "تھا", "تھے", "جو", "سے", "لیے", "میں", "نہیں", "نے", "پر", "کا", "کر", "کو", "کہ",
    "کی", "کے", "گیا", "ہو", "ہیں", "ہے", "یہ",
};
static const char *const words_hi[] = {
    "इस", "एक", "और", "कर", "का", "कि", "की", "के", "को", "था", "नहीं", "ने", "पर", "भी", "में", "यह", "लिए", "से", "है",
    "हैं", "हो",
};
static const char *const words_bn[] = {
    "এই", "একটি", "এবং", "ও", "করা", "করে", "জন্য", "তার", "থেকে", "না", "যে", "হয়", "হয়েছে",
};

static const struct language {
    const char *code;
    const char *const *words;
    size_t count;
} languages[] = {
#define L(code) {#code, words_##code, sizeof words_##code / sizeof *words_##code}
    L(en), L(de), L(fr), L(es), L(pt), L(it), L(nl), L(sv), L(da), L(no), L(fi), L(pl), L(cs), L(hr), L(ro), L(hu),
    L(tr), L(id), L(vi), L(sw), L(ru), L(uk), L(bg), L(sr), L(ar), L(fa), L(ur), L(hi), L(bn),
#undef L
};

enum { LANGUAGE_COUNT = sizeof languages / sizeof *languages };

/* Scripts that tell the language; kana before Han, as Japanese has both. */
static const struct script {
    const char *code;
    uint32_t first, last;
} scripts[] = {
    {"ja", 0x3040, 0x30FF}, {"ko", 0xAC00, 0xD7A3}, {"zh", 0x4E00, 0x9FFF}, {"el", 0x0370, 0x03FF}, {"he", 0x0590, 0x05FF},
    {"th", 0x0E00, 0x0E7F}, {"ta", 0x0B80, 0x0BFF}, {"bn", 0x0980, 0x09FF}, {"hi", 0x0900, 0x097F},
};

enum { SCRIPT_COUNT = sizeof scripts / sizeof *scripts, SCRIPT_JAPANESE = 0, KANA_PERCENT = 10 };

struct tally {
    uint32_t hits[LANGUAGE_COUNT], scores[LANGUAGE_COUNT];
    uint32_t scripts[SCRIPT_COUNT];
    uint32_t letters, words;
};

/* `word` ends in a NUL. Every word is looked up in every language: most steps of that end with its first byte. */
static bool language_has(const struct language *language, const char *word)
{
    size_t low = 0, high = language->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const char *other = language->words[middle];
        int order = (unsigned char)*word - (unsigned char)*other;
        if (order == 0 && (order = strcmp(word, other)) == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static void scripts_count(struct tally *tally, struct view word)
{
    for (size_t at = 0; at < word.len;) {
        uint32_t c = utf8_next(word, &at);
        tally->letters += utf8_is_letter(c);
        for (size_t i = 0; c >= 0x0370 && i < SCRIPT_COUNT; i++)
            tally->scripts[i] += c >= scripts[i].first && c <= scripts[i].last;
    }
}

static void word_count(struct tally *tally, struct view word)
{
    char lower[WORD_BYTES_MOST + 4 + 1];
    size_t len = 0;
    scripts_count(tally, word);
    if (word.len > WORD_BYTES_MOST)
        return;
    for (size_t at = 0; at < word.len && len < WORD_BYTES_MOST;) {
        uint32_t c = utf8_next(word, &at);
        len += (size_t)utf8proc_encode_char(utf8proc_tolower((utf8proc_int32_t)c), (utf8proc_uint8_t *)lower + len);
    }
    lower[len] = '\0';
    uint32_t count = 0;
    bool has[LANGUAGE_COUNT];
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        count += has[i] = language_has(&languages[i], lower);
    for (size_t i = 0; i < LANGUAGE_COUNT; i++) {
        tally->hits[i] += has[i];
        tally->scores[i] += has[i] ? WORD_WEIGHT / count : 0;
    }
}

static const char *script_language(const struct tally *tally)
{
    if (tally->scripts[SCRIPT_JAPANESE] * 100 > tally->letters * KANA_PERCENT)
        return scripts[SCRIPT_JAPANESE].code;
    for (size_t i = 0; i < SCRIPT_COUNT; i++)
        if (tally->scripts[i] * 100 > tally->letters * SCRIPT_PERCENT)
            return scripts[i].code;
    return "";
}

static const char *word_language(const struct tally *tally)
{
    size_t best = 0, second = 1;
    for (size_t i = 1; i < LANGUAGE_COUNT; i++) {
        if (tally->scores[i] > tally->scores[best]) {
            second = best;
            best = i;
        } else if (tally->scores[i] > tally->scores[second] || second == best) {
            second = i;
        }
    }
    bool is_known = tally->hits[best] >= HITS_LEAST && tally->hits[best] * 100 >= tally->words * HIT_PERCENT &&
                    tally->scores[best] * 100 >= tally->scores[second] * LEAD_PERCENT;
    return is_known ? languages[best].code : "";
}

const char *language_guess(struct view text)
{
    struct tally tally = {0};
    size_t at = 0;
    if (text.len > TEXT_BYTES_MOST) {
        text.len = TEXT_BYTES_MOST;
        while (((unsigned char)text.data[text.len] & 0xC0) == 0x80)
            text.len--;
    }
    for (struct view word; tally.words < WORDS_MOST && (word = words_next(text, &at)).len; tally.words++)
        word_count(&tally, word);
    if (tally.letters == 0)
        return "";
    const char *language = script_language(&tally);
    return *language ? language : word_language(&tally);
}
