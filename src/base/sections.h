// Properties (properties.h) in named sections:
//
//   bootstrap-server = kafka:9092
//
//   [downloads]
//   sink = postgres
//   topics = status-download

#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/properties.h"
#include "omashu/result.h"

namespace omashu {

struct Section {
  std::string name;  // "" for what stands before the first one
  size_t line = 0;   // of its name
  std::vector<Property> properties;
};

// In the file's order; the first is the one without a name, and may be empty. A name is letters, digits, '.', '_' and
// '-', and stands once. Errors name the line and never quote a value: it may be a secret.
Result<std::vector<Section>> parse_sections(std::string_view text);

}  // namespace omashu
