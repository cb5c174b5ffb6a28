// "Did you mean …?": the known word that a mistyped one is nearest to.

#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace omashu {

// Insertions, deletions, replacements and swaps of neighbours, in bytes, that turn `a` into `b`.
size_t edit_distance(std::string_view a, std::string_view b);

// The nearest of `candidates`, where it is near enough to be meant: at most a third of its length away, letter case
// aside, or continuing `word`. The first of several that are equally near.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// `: did you mean NEAREST?`, or nothing where no candidate is near enough. To be put behind an error message.
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

}  // namespace omashu
