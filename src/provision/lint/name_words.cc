#include "provision/lint/name_words.h"

#include <algorithm>
#include <array>
#include <utility>

namespace omashu::provision {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_separator(char c) { return c == '.' || c == '_' || c == '-'; }

// Participles that do not end in "ed", sorted.
constexpr auto kIrregular = std::to_array<std::string_view>(
    {"arisen",  "became", "become",     "begun",   "bidden",    "born",       "bought",    "bound",    "broken",
     "brought", "built",  "burnt",      "cast",    "caught",    "chosen",     "cut",       "dealt",    "done",
     "drawn",   "driven", "drunk",      "eaten",   "fallen",    "felt",       "forgotten", "forsaken", "fought",
     "found",   "frozen", "given",      "gone",    "grown",     "heard",      "held",      "hidden",   "hit",
     "hurt",    "kept",   "known",      "laid",    "led",       "left",       "lent",      "lit",      "lost",
     "made",    "meant",  "met",        "outbid",  "overdrawn", "overridden", "overrun",   "oversold", "paid",
     "proven",  "put",    "quit",       "rebuilt", "reset",     "resent",     "rewritten", "risen",    "run",
     "said",    "seen",   "sent",       "set",     "shown",     "shut",       "sold",      "sought",   "spent",
     "split",   "spoken", "spun",       "stolen",  "struck",    "sunk",       "swept",     "taken",    "taught",
     "told",    "undone", "understood", "upset",   "withdrawn", "withheld",   "won",       "worn",     "written"});

// Words in "ed" that are no participles.
constexpr auto kNoParticiples = std::to_array<std::string_view>(
    {"bed", "embed", "hundred", "imbed", "infrared", "kindred", "led", "red", "sacred", "shed", "sled"});
constexpr auto kParticiplesInEed =
    std::to_array<std::string_view>({"agreed", "decreed", "disagreed", "freed", "guaranteed", "refereed"});

constexpr auto kNoEvents = std::to_array<std::string_view>(
    {"answer",  "answers", "audit",   "command",  "commands",  "dlq",       "dlt",         "heartbeat",    "heartbeats",
     "job",     "jobs",    "letter",  "letters",  "log",       "logs",      "measurement", "measurements", "metric",
     "metrics", "offer",   "offers",  "position", "positions", "queries",   "query",       "reading",      "readings",
     "replies", "reply",   "request", "requests", "response",  "responses", "result",      "results",      "retries",
     "retry",   "sample",  "samples", "task",     "tasks"});

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_participle(std::string_view word) {
  if (contains(kIrregular, word)) return true;
  if (!word.ends_with("ed") || contains(kNoParticiples, word)) return false;
  return !word.ends_with("eed") || contains(kParticiplesInEed, word);
}

}  // namespace

std::vector<std::string> name_words(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  const auto finish = [&] {
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  };
  for (size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    if (is_separator(c) || is_digit(c)) {
      finish();
      continue;
    }
    // "orderPlaced" is cut before P, "HTTPRequest" before R.
    const bool begins =
        is_upper(c) && i > 0 &&
        (is_lower(name[i - 1]) || (is_upper(name[i - 1]) && i + 1 < name.size() && is_lower(name[i + 1])));
    if (begins) finish();
    word += static_cast<char>(is_upper(c) ? c - 'A' + 'a' : c);
  }
  finish();
  return words;
}

bool tells_what_happened(std::span<const std::string> words) { return std::ranges::any_of(words, is_participle); }

bool is_no_event(std::span<const std::string> words) { return !words.empty() && contains(kNoEvents, words.back()); }

std::optional<std::string> topic_style_problem(std::string_view name) {
  if (name.starts_with('_')) return "starts with '_', as the names of topics do that Kafka keeps for itself";
  if (std::ranges::any_of(name, is_upper)) {
    return "has capitals, and Kafka tells names apart by them where people do not: use lower case";
  }
  if (is_separator(name.front()) || is_separator(name.back())) return "starts or ends with a separator: leave it out";
  for (size_t i = 1; i < name.size(); ++i) {
    if (is_separator(name[i]) && is_separator(name[i - 1])) return "has two separators side by side: one is enough";
  }
  if (name.find('_') != std::string_view::npos && name.find_first_of(".-") != std::string_view::npos) {
    return "separates its words in several ways, and '_' is '.' in the names of Kafka's metrics: use '-' for words, "
           "and '.' for levels";
  }
  return std::nullopt;
}

}  // namespace omashu::provision
