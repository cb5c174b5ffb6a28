#include "cli/option_parser.h"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "base/duration.h"
#include "base/nearest.h"
#include "cli/console/jopt_words.h"

namespace omashu::cli {

namespace {

Result<int64_t> parse_number(const std::string& text) {
  int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("'{}' is no whole number", text));
  }
  return number;
}

Result<void> check_choice(const std::string& value, const std::vector<std::string>& choices) {
  if (std::ranges::find(choices, value) != choices.end()) return {};
  return fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not known: write {}", value, fmt::join(choices, " or ")));
}

std::vector<std::string> split_names(std::string_view names) {
  std::vector<std::string> out;
  for (;;) {
    const size_t comma = names.find(',');
    out.emplace_back(names.substr(0, comma));
    if (comma == std::string_view::npos) return out;
    names.remove_prefix(comma + 1);
  }
}

// Stores the last value given, converted, into a T or an optional<T>.
template <class T, class Target>
auto store_last(Target& target, Result<T> (*convert)(const std::string&)) {
  return [&target, convert](const std::vector<std::string>& given) -> Result<void> {
    auto value = convert(given.back());
    if (!value) return fail(std::move(value.error()));
    target = *std::move(value);
    return {};
  };
}

Result<std::string> as_text(const std::string& text) { return text; }
Result<std::chrono::milliseconds> as_duration(const std::string& text) { return parse_duration(text); }

}  // namespace

void OptionParser::heading(std::string title) { heading_ = std::move(title); }

void OptionParser::declare(std::string_view names, std::string value_name, std::string help,
                           std::vector<std::string> choices, Store store) {
  const bool is_hidden = help.empty();
  specs_.push_back({.names = split_names(names),
                    .value_name = std::move(value_name),
                    .help = std::move(help),
                    .heading = heading_,
                    .choices = std::move(choices),
                    .is_hidden = is_hidden});
  stores_.push_back(std::move(store));
}

void OptionParser::declare_argument(std::string name, std::string help, bool is_required, Store store) {
  specs_.push_back({.names = {},
                    .value_name = std::move(name),
                    .help = std::move(help),
                    .heading = "Arguments",
                    .choices = {},
                    .is_required = is_required});
  stores_.push_back(std::move(store));
}

void OptionParser::argument(std::string name, std::string& value, std::string help) {
  declare_argument(std::move(name), std::move(help), true, store_last(value, as_text));
}

void OptionParser::argument(std::string name, std::optional<std::string>& value, std::string help) {
  declare_argument(std::move(name), std::move(help), false, store_last(value, as_text));
}

void OptionParser::arguments(std::string name, std::vector<std::string>& values, std::string help) {
  declare_argument(std::move(name), std::move(help), true, [&values](const auto& given) -> Result<void> {
    values = given;
    return {};
  });
  specs_.back().is_list = true;
}

void OptionParser::flag(std::string_view names, bool& value, std::string help) {
  declare(names, "", std::move(help), {}, [&value](const auto&) -> Result<void> {
    value = true;
    return {};
  });
}

void OptionParser::option(std::string_view names, std::string value_name, std::string& value, std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, as_text));
}

void OptionParser::option(std::string_view names, std::string value_name, std::optional<std::string>& value,
                          std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, as_text));
}

void OptionParser::option(std::string_view names, std::string value_name, int64_t& value, std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, parse_number));
}

void OptionParser::option(std::string_view names, std::string value_name, std::optional<int64_t>& value,
                          std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, parse_number));
}

void OptionParser::option(std::string_view names, std::string value_name, std::chrono::milliseconds& value,
                          std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, as_duration));
}

void OptionParser::option(std::string_view names, std::string value_name,
                          std::optional<std::chrono::milliseconds>& value, std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, store_last(value, as_duration));
}

void OptionParser::option(std::string_view names, std::string value_name, std::vector<std::string>& values,
                          std::string help) {
  declare(names, std::move(value_name), std::move(help), {}, [&values](const auto& given) -> Result<void> {
    values = given;
    return {};
  });
}

void OptionParser::option_or(std::string_view names, std::string value_name, std::string implied_value,
                             std::string& value, std::string help) {
  option(names, std::move(value_name), value, std::move(help));
  specs_.back().implied_value = std::move(implied_value);
}

void OptionParser::choice(std::string_view names, std::string value_name, std::string& value,
                          std::vector<std::string> choices, std::string help) {
  auto store = [&value, choices](const std::vector<std::string>& given) -> Result<void> {
    value = given.back();
    return check_choice(value, choices);
  };
  declare(names, std::move(value_name), std::move(help), std::move(choices), std::move(store));
}

void OptionParser::choice(std::string_view names, std::string value_name, std::optional<std::string>& value,
                          std::vector<std::string> choices, std::string help) {
  auto store = [&value, choices](const std::vector<std::string>& given) -> Result<void> {
    value = given.back();
    return check_choice(*value, choices);
  };
  declare(names, std::move(value_name), std::move(help), std::move(choices), std::move(store));
}

std::vector<std::string> OptionParser::with_implied_values(std::span<const std::string> words) const {
  std::vector<std::string> out(words.begin(), words.end());
  for (auto word = out.begin(); word != out.end() && *word != "--"; ++word) {
    const auto spec = std::ranges::find_if(specs_, [&](const OptionSpec& known) {
      return known.implied_value && std::ranges::find(known.names, *word) != known.names.end();
    });
    if (spec != specs_.end()) *word += "=" + *spec->implied_value;
  }
  return out;
}

Result<void> OptionParser::refuse_unknown(const std::vector<std::string>& words) const {
  for (const std::string& word : words) {
    const bool is_option = word.size() >= 2 && word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
    if (!is_option) continue;
    const std::string name = word.substr(0, word.find('='));
    std::vector<std::string> known = {"--help"};
    for (const OptionSpec& spec : specs_) {
      if (!spec.is_hidden) known.insert(known.end(), spec.names.begin(), spec.names.end());
    }
    return fail(ErrorCode::kInvalidArgument, fmt::format("unknown option {}{}", name, did_you_mean(name, known)));
  }
  return {};
}

Result<void> OptionParser::place_arguments(const std::vector<std::string>& words, Given& given) const {
  size_t next = 0;
  for (size_t i = 0; i < specs_.size(); ++i) {
    if (!specs_[i].is_argument()) continue;
    if (next < words.size()) {
      const size_t end = specs_[i].is_list ? words.size() : next + 1;
      given[i] = {words.begin() + static_cast<std::ptrdiff_t>(next), words.begin() + static_cast<std::ptrdiff_t>(end)};
      next = end;
    } else if (specs_[i].is_required) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} is missing", specs_[i].value_name));
    }
  }
  if (next == words.size()) return {};
  return fail(ErrorCode::kInvalidArgument, fmt::format("unexpected argument '{}'", words[next]));
}

Result<OptionParser::Outcome> OptionParser::parse(std::span<const std::string> given_words) {
  const std::vector<std::string> words =
      is_jopt_ ? expand_jopt_words(given_words, specs_) : with_implied_values(given_words);
  // CLI11 finds out which words belong to which option. The others are placed, and all values converted, here, so that
  // the errors speak our language.
  CLI::App app;
  app.set_help_flag();
  app.allow_extras();
  bool is_help = false;
  app.add_flag("-h,--help", is_help);
  std::vector<CLI::Option*> declared;
  for (const OptionSpec& spec : specs_) {
    if (spec.is_argument()) {
      declared.push_back(nullptr);
      continue;
    }
    const std::string names = fmt::format("{}", fmt::join(spec.names, ","));
    CLI::Option* option = spec.is_flag() ? app.add_flag(names) : app.add_option(names)->expected(1);
    declared.push_back(option->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll));
  }
  const auto end_of_options = std::ranges::find(words, "--");
  std::vector<std::string> reversed(words.begin(), end_of_options);
  std::ranges::reverse(reversed);
  try {
    app.parse(reversed);
  } catch (const CLI::ParseError& error) {
    return fail(ErrorCode::kInvalidArgument, error.what());
  }
  if (is_help) return Outcome::kHelp;

  std::vector<std::string> arguments = app.remaining();
  if (auto known = refuse_unknown(arguments); !known) return fail(std::move(known.error()));
  if (end_of_options != words.end()) arguments.insert(arguments.end(), end_of_options + 1, words.end());
  Given given(specs_.size());
  if (auto placed = place_arguments(arguments, given); !placed) return fail(std::move(placed.error()));
  for (size_t i = 0; i < specs_.size(); ++i) {
    if (declared[i] != nullptr) given[i] = declared[i]->results();
  }
  if (auto stored = store(given); !stored) return fail(std::move(stored.error()));
  return Outcome::kParsed;
}

Result<void> OptionParser::store(const Given& given) const {
  for (size_t i = 0; i < specs_.size(); ++i) {
    if (given[i].empty()) continue;
    if (auto stored = stores_[i](given[i]); !stored) {
      return fail(
          std::move(stored.error()).within(specs_[i].is_argument() ? specs_[i].value_name : specs_[i].names.back()));
    }
  }
  return {};
}

}  // namespace omashu::cli
