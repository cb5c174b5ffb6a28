// The difference of two texts in the form of diff -u.

#pragma once

#include <string>
#include <string_view>

namespace omashu::cli {

// `--- BEFORE`, `+++ AFTER`, and hunks with three lines around each change; "" where the texts are equal. Lines that
// went are red, lines that came green, where `is_coloured`.
std::string unified_diff(std::string_view before, std::string_view after, std::string_view before_name,
                         std::string_view after_name, bool is_coloured);

}  // namespace omashu::cli
