#include "service/metrics/metric_text.h"

#include <fmt/core.h>

namespace omashu::service {

void MetricText::family(std::string_view name, Kind kind, std::string_view help) {
  constexpr std::string_view kKinds[] = {"counter", "gauge", "histogram"};
  name_ = name;
  text_ += fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, help, name, kKinds[static_cast<size_t>(kind)]);
}

void MetricText::sample(std::initializer_list<Label> labels, double value, std::string_view suffix) {
  begin_sample(labels, suffix);
  text_ += fmt::format(" {}\n", value);
}

void MetricText::sample(std::initializer_list<Label> labels, uint64_t value, std::string_view suffix) {
  begin_sample(labels, suffix);
  text_ += fmt::format(" {}\n", value);
}

void MetricText::begin_sample(std::initializer_list<Label> labels, std::string_view suffix) {
  text_.append(name_).append(suffix);
  if (labels.size() == 0) return;
  char separator = '{';
  for (const auto& [name, value] : labels) {
    text_ += separator;
    text_.append(name).append("=\"");
    for (const char c : value) {
      if (c == '\n') {
        text_ += "\\n";
      } else {
        if (c == '"' || c == '\\') text_ += '\\';
        text_ += c;
      }
    }
    text_ += '"';
    separator = ',';
  }
  text_ += '}';
}

}  // namespace omashu::service
