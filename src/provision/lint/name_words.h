// What the names of topics and records say.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace omashu::provision {

// The words of a name in lower case: "OrderPlaced", "order-placed" and "order.placed" are order and placed.
std::vector<std::string> name_words(std::string_view name);

// One of the words is a past tense or a past participle, as far as its spelling tells: "placed", "sent".
bool tells_what_happened(std::span<const std::string> words);

// The last word is of a message that is no event: "request", "reply", "measurement", "letters".
bool is_no_event(std::span<const std::string> words);

// What makes the name of a topic hard to work with, and what would be better.
std::optional<std::string> topic_style_problem(std::string_view name);

}  // namespace omashu::provision
