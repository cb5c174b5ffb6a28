#include "sink/dynamodb/shared_config.h"

#include <fmt/core.h>

namespace omashu::sink::dynamodb {

namespace {

constexpr std::string_view kBlanks = " \t\r";

std::string_view trim(std::string_view text) {
  const size_t begin = text.find_first_not_of(kBlanks);
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) + 1 - begin);
}

// `[profile  dev] ; mine` is "profile dev".
Result<std::string> section_name(std::string_view line, size_t number) {
  const size_t end = line.find(']');
  if (end == line.npos) return fail(ErrorCode::kInvalidArgument, fmt::format("line {}: a section needs a ]", number));
  const std::string_view name = trim(line.substr(1, end - 1));
  const size_t blank = name.find_first_of(kBlanks);
  if (blank == name.npos) return std::string(name);
  return fmt::format("{} {}", name.substr(0, blank), trim(name.substr(blank)));
}

}  // namespace

Result<SharedConfig> parse_shared_config(std::string_view text) {
  if (text.size() > kMaxSharedConfigBytes) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("it is larger than {} bytes", kMaxSharedConfigBytes));
  }
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  SharedConfig config;
  std::map<std::string, std::string, std::less<>>* section = nullptr;
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view content = trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';' || kBlanks.find(line[0]) != kBlanks.npos) continue;
    if (content[0] == '[') {
      Result<std::string> name = section_name(content, number);
      if (!name) return fail(std::move(name.error()));
      section = &config[*std::move(name)];
      continue;
    }
    const size_t equals = content.find('=');
    if (equals == content.npos || section == nullptr) {
      return fail(ErrorCode::kInvalidArgument,
                  fmt::format("line {}: {}", number,
                              section == nullptr ? "it stands before the first [section]" : "it is no name = value"));
    }
    (*section)[std::string(trim(content.substr(0, equals)))] = trim(content.substr(equals + 1));
  }
  return config;
}

std::string profile_value(const SharedConfig& config, const std::string& profile, std::string_view name) {
  for (const std::string& title : {profile, "profile " + profile}) {
    const auto section = config.find(title);
    if (section == config.end()) continue;
    if (const auto value = section->second.find(name); value != section->second.end()) return value->second;
  }
  return "";
}

}  // namespace omashu::sink::dynamodb
