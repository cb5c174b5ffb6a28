// Command lines as Java's jopt-simple reads them, which Kafka's tools use, in the words that OptionParser reads.

#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/option_parser.h"

namespace omashu::cli {

// `-topic` and an abbreviation that only one option has (`--boot`) become that option's name, and an option whose value
// may be left out gets the one that it implies. Other words stay as they are.
std::vector<std::string> expand_jopt_words(std::span<const std::string> words, std::span<const OptionSpec> specs);

}  // namespace omashu::cli
