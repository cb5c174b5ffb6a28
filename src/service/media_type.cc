#include "service/media_type.h"

#include <algorithm>
#include <charconv>

namespace omashu::service {

namespace {

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  text.remove_suffix(text.size() - (text.find_last_not_of(" \t") + 1));
  return text;
}

std::string_view take(std::string_view& rest, char separator) {
  const std::string_view part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return trimmed(part);
}

bool is_same(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::ranges::equal(a, b, {}, small, small);
}

// How precisely a range of Accept names the form: 3 by itself, 2 by "application/*", 1 by "*/*", 0 not at all.
int precision(std::string_view range, std::string_view form) {
  if (is_same(range, form)) return 3;
  if (range == "*/*") return 1;
  const size_t slash = form.find('/');
  return range.ends_with("/*") && is_same(range.substr(0, range.size() - 1), form.substr(0, slash + 1)) ? 2 : 0;
}

// In thousandths; what is no number counts as 1.
int quality(std::string_view parameters) {
  while (!parameters.empty()) {
    std::string_view parameter = take(parameters, ';');
    if (!is_same(take(parameter, '='), "q")) continue;
    double value = 1;
    std::from_chars(parameter.data(), parameter.data() + parameter.size(), value);
    return static_cast<int>(std::clamp(value, 0.0, 1.0) * 1000);
  }
  return 1000;
}

}  // namespace

std::optional<size_t> preferred_media_type(std::string_view accept, std::span<const std::string_view> forms) {
  if (accept.empty() || accept == "*/*") return 0;
  std::optional<size_t> best;
  int best_quality = 0;
  for (size_t i = 0; i < forms.size(); ++i) {
    int most_precise = 0, its_quality = 0;
    for (std::string_view rest = accept; !rest.empty();) {
      std::string_view parameters = take(rest, ',');
      const int found = precision(take(parameters, ';'), forms[i]);
      if (found <= most_precise) continue;
      most_precise = found;
      its_quality = quality(parameters);
    }
    if (its_quality > best_quality) {
      best = i;
      best_quality = its_quality;
    }
  }
  return best;
}

}  // namespace omashu::service
