// How much a finding about topics matters.

#pragma once

#include <cstdint>
#include <string_view>

namespace omashu::provision {

enum class Severity : uint8_t {
  kInfo,     // a habit that helps; nothing breaks without it
  kWarning,  // will most likely hurt some day
  kError,    // loses data, or shows wrong data
};

constexpr std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::kInfo: return "info";
    case Severity::kWarning: return "warning";
    case Severity::kError: break;
  }
  return "error";
}

// "info", "warning" or "error"; anything else is an error's.
constexpr Severity severity_named(std::string_view name) {
  if (name == severity_name(Severity::kInfo)) return Severity::kInfo;
  if (name == severity_name(Severity::kWarning)) return Severity::kWarning;
  return Severity::kError;
}

}  // namespace omashu::provision
