#include "cli/console/jopt_words.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace omashu::cli {

namespace {

struct Found {
  std::string name;
  const OptionSpec* spec;
};

// The option of that name, else the only one that begins so.
std::optional<Found> find_option(std::string_view name, std::span<const OptionSpec> specs) {
  std::optional<Found> found;
  for (const OptionSpec& spec : specs) {
    for (const std::string& known : spec.names) {
      if (known == name) return Found{known, &spec};
      if (!known.starts_with(name)) continue;
      if (found) return std::nullopt;
      found = Found{known, &spec};
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> expand_jopt_words(std::span<const std::string> words, std::span<const OptionSpec> specs) {
  std::vector<std::string> expanded;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") {
      expanded.insert(expanded.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
      break;
    }
    const size_t equal = word.find('=');
    const std::string_view given = std::string_view(word).substr(0, equal);
    const bool is_option = given.size() > 2 && given[0] == '-' && given != "-h";
    const std::string long_name = given.starts_with("--") ? std::string(given) : "-" + std::string(given);
    const auto found = is_option ? find_option(long_name, specs) : std::nullopt;
    if (!found) {
      expanded.push_back(word);
      continue;
    }
    expanded.push_back(found->name + (equal == std::string::npos ? "" : word.substr(equal)));
    if (equal != std::string::npos || found->spec->is_flag()) continue;
    const bool has_value = i + 1 < words.size() && !(found->spec->implied_value && words[i + 1].starts_with("-"));
    if (has_value) {
      expanded.push_back(words[++i]);
    } else if (found->spec->implied_value) {
      expanded.push_back(*found->spec->implied_value);
    }
  }
  return expanded;
}

}  // namespace omashu::cli
