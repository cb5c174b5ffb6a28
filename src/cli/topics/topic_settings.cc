#include "cli/topics/topic_settings.h"

#include <fmt/core.h>

#include "base/shown.h"
#include "provision/setting_value.h"

namespace omashu::cli {

Result<std::map<std::string, std::string>> parse_topic_settings(std::span<const std::string> settings) {
  std::map<std::string, std::string> parsed;
  for (const std::string& text : settings) {
    const size_t equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return fail(ErrorCode::kInvalidArgument, fmt::format("{} is no setting: write NAME=VALUE", shown(text)));
    }
    const std::string name = text.substr(0, equals);
    const provision::SettingValue setting = provision::read_setting(name, std::string_view(text).substr(equals + 1));
    if (setting.problem) return fail(ErrorCode::kInvalidArgument, *setting.problem);
    parsed[name] = setting.value;
  }
  return parsed;
}

}  // namespace omashu::cli
