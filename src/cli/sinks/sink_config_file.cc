#include "cli/sinks/sink_config_file.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/nearest.h"
#include "base/sections.h"
#include "cli/option_parser.h"

namespace omashu::cli {

namespace {

std::unexpected<Error> refuse(size_t line, std::string message) {
  return fail(Error{ErrorCode::kInvalidArgument, std::move(message), TextPosition{line, 1}});
}

// "a b, c"
std::vector<std::string> words_of(std::string_view text) {
  constexpr std::string_view kSeparators = ", \t";
  std::vector<std::string> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(kSeparators), text.size()));
    if (text.empty()) return words;
    const size_t end = std::min(text.find_first_of(kSeparators), text.size());
    words.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

const OptionSpec* find_option(const std::vector<OptionSpec>& specs, const std::string& name) {
  const auto found = std::ranges::find_if(
      specs, [&](const OptionSpec& spec) { return std::ranges::find(spec.names, "--" + name) != spec.names.end(); });
  return found == specs.end() ? nullptr : &*found;
}

// The property as a word of the command line; nothing for a flag that is off.
Result<std::vector<std::string>> word_of(const Property& property, const std::vector<OptionSpec>& specs) {
  const OptionSpec* option = find_option(specs, property.name);
  if (option == nullptr) {
    std::vector<std::string> names;
    for (const OptionSpec& spec : specs) {
      for (const std::string& name : spec.names) {
        if (name.starts_with("--")) names.push_back(name.substr(2));
      }
    }
    return refuse(property.line, fmt::format("unknown option {}{}", property.name, did_you_mean(property.name, names)));
  }
  if (!option->is_flag()) return std::vector{fmt::format("--{}={}", property.name, property.value)};
  if (property.value == "true") return std::vector{"--" + property.name};
  if (property.value == "false") return std::vector<std::string>{};
  return refuse(property.line, fmt::format("{} is true or false", property.name));
}

Result<SinkJob> parse_job(const Section& section) {
  SinkJob job{.name = section.name, .kind = nullptr, .options = {}};
  const auto kind = std::ranges::find(section.properties, "sink", &Property::name);
  std::vector<std::string> names;
  for (auto& candidate : all_sink_kinds()) {
    names.emplace_back(candidate->description().name);
    if (kind != section.properties.end() && kind->value == names.back()) job.kind = std::move(candidate);
  }
  if (job.kind == nullptr) {
    std::string known;
    for (const std::string& name : names) known += (known.empty() ? "" : ", ") + name;
    if (kind == section.properties.end()) {
      return refuse(section.line, fmt::format("[{}] does not say what it writes to: sink = {}", section.name, known));
    }
    return refuse(kind->line, fmt::format("there is no sink '{}': write {}", kind->value, known));
  }
  OptionParser parser;
  job.kind->declare(parser);
  job.options.declare(parser);
  std::vector<std::string> words, topics;
  for (const Property& property : section.properties) {
    if (property.name == "sink") continue;
    if (property.name == "topics") {
      topics = words_of(property.value);
      continue;
    }
    auto word = word_of(property, parser.specs());
    if (!word) return fail(std::move(word.error()));
    words.insert(words.end(), word->begin(), word->end());
  }
  if (topics.empty()) {
    return refuse(section.line, fmt::format("[{}] does not say what it reads: topics = TOPIC TOPIC", section.name));
  }
  words.emplace_back("--");
  words.insert(words.end(), topics.begin(), topics.end());
  const auto parsed = parser.parse(words);
  auto checked = parsed ? job.kind->check() : Result<void>(fail(parsed.error()));
  if (checked) checked = job.options.check();
  if (!checked) return refuse(section.line, fmt::format("[{}] {}", section.name, checked.error().message));
  return job;
}

}  // namespace

Result<SinkConfig> parse_sink_config(std::string_view text) {
  const auto sections = parse_sections(text);
  if (!sections) return fail(sections.error());
  SinkConfig config;
  OptionParser of_process;
  config.connection.declare(of_process);
  config.process.declare(of_process);
  std::vector<std::string> words;
  for (const Property& property : sections->front().properties) {
    auto word = word_of(property, of_process.specs());
    if (!word) return fail(std::move(word.error()));
    words.insert(words.end(), word->begin(), word->end());
  }
  if (const auto parsed = of_process.parse(words); !parsed) return refuse(1, parsed.error().message);
  for (const Section& section : *sections) {
    if (section.name.empty()) continue;
    auto job = parse_job(section);
    if (!job) return fail(std::move(job.error()));
    config.jobs.push_back(*std::move(job));
  }
  if (config.jobs.empty()) return refuse(1, "there is no sink: write [NAME], and below it sink = file, topics = TOPIC");
  return config;
}

}  // namespace omashu::cli
