#include "broker/config/config_file.h"

#include <fmt/core.h>

#include <utility>

#include "base/json.h"
#include "broker/config/broker_settings.h"
#include "broker/log/text_checksum.h"

namespace omashu::broker {

namespace {

constexpr int kVersion = 1;

json::Value object_of(const ConfigValues& values) {
  json::Value object = json::Value::object();
  for (const auto& [name, value] : values) object.add(name, value);
  return object;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<ConfigFile> parse() const {
    const auto root = json::parse(text_);
    if (!root) return fail(root.error());
    const json::Value* version = root->find("version");
    if (version == nullptr || version->as_int64() != kVersion) return wrong(*root, "this is no file of version 1");
    ConfigFile file;
    for (const json::Member& member : root->members()) {
      if (member.name == "version") continue;
      if (member.name == kJsonChecksum) {
        if (const auto problem = json_checksum_problem(text_)) return wrong(member.value, *problem);
      } else if (member.name == "cluster" || member.name == "broker") {
        auto values = parse_values(member.value);
        if (!values) return fail(std::move(values).error());
        (member.name == "cluster" ? file.cluster : file.broker) = *std::move(values);
      } else {  // perhaps one whose name is damaged
        return wrong(member.value, fmt::format("{} is not known", member.name));
      }
    }
    return file;
  }

 private:
  Result<ConfigValues> parse_values(const json::Value& object) const {
    if (!object.is_object()) return wrong(object, "this is no object");
    ConfigValues values;
    for (const json::Member& config : object.members()) {
      const BrokerSetting* setting = find_broker_setting(config.name);
      if (setting == nullptr || setting->update_mode == UpdateMode::kReadOnly || !config.value.is_string()) {
        return wrong(config.value, fmt::format("the config {} is wrong", config.name));
      }
      if (auto problem = broker_setting_problem(*setting, config.value.text())) return wrong(config.value, *problem);
      values[config.name] = config.value.text();
    }
    return values;
  }

  std::unexpected<Error> wrong(const json::Value& value, std::string_view what) const {
    return fail(Error{ErrorCode::kCorrupt, std::string(what), json::position_at(text_, value.offset())});
  }

  std::string_view text_;
};

}  // namespace

std::string config_file_text(const ConfigFile& file) {
  std::string text = fmt::format("{{\"version\":{},\n\"cluster\":{},\n\"broker\":{}", kVersion,
                                 json::to_text(object_of(file.cluster)), json::to_text(object_of(file.broker)));
  return with_json_checksum(std::move(text));
}

Result<ConfigFile> parse_config_file(std::string_view text) { return Parser(text).parse(); }

}  // namespace omashu::broker
