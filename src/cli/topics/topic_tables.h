// What `omashu topics describe` tells of a topic, as tables for people.

#pragma once

#include <string>
#include <vector>

#include "inspect/topic_report.h"

namespace omashu::cli {

struct TextRows {
  std::vector<std::string> titles;
  std::vector<std::vector<std::string>> rows;
};

std::string topic_summary(const inspect::TopicReport& report);  // two lines
TextRows partition_rows(const inspect::TopicReport& report);
TextRows config_rows(const inspect::TopicReport& report);  // of settings that are not Kafka's default
TextRows reader_rows(const inspect::TopicReport& report);

}  // namespace omashu::cli
