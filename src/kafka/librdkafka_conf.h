// librdkafka's configuration object behind Result. Private to this folder.

#pragma once

#include <memory>
#include <span>
#include <string>

#include "omashu/result.h"

struct rd_kafka_conf_s;

namespace omashu::kafka {

struct ConfDeleter {
  void operator()(rd_kafka_conf_s* conf) const;
};
using ConfPtr = std::unique_ptr<rd_kafka_conf_s, ConfDeleter>;

ConfPtr make_conf();

// An unknown name and a value that librdkafka refuses are kInvalidArgument. A secret's value is never quoted.
Result<void> set_property(rd_kafka_conf_s& conf, const std::string& name, const std::string& value);

// The names that set_property() takes, sorted.
std::span<const std::string> property_names();

}  // namespace omashu::kafka
