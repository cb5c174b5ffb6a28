// Metrics as Prometheus reads them (text format 0.0.4): families with their help, samples with labels.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace omashu::service {

using Label = std::pair<std::string_view, std::string_view>;

class MetricText {
 public:
  enum class Kind : uint8_t { kCounter, kGauge, kHistogram };

  // The samples behind it are of this family.
  void family(std::string_view name, Kind kind, std::string_view help);

  // `suffix` is behind the family's name: "_bucket".
  void sample(std::initializer_list<Label> labels, double value, std::string_view suffix = "");
  void sample(std::initializer_list<Label> labels, uint64_t value, std::string_view suffix = "");

  std::string take() { return std::move(text_); }

 private:
  void begin_sample(std::initializer_list<Label> labels, std::string_view suffix);

  std::string text_;
  std::string name_;
};

}  // namespace omashu::service
