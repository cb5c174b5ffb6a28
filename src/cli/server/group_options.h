// How `omashu serve` shares its tables with other processes: --group and what belongs to it.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "omashu/result.h"

namespace omashu::cli {

class OptionParser;

class GroupOptions {
 public:
  // Under the heading "Several processes".
  void declare(OptionParser& options);
  // `http_address` is where the process listens.
  Result<void> check(std::string_view http_address) const;

  bool is_given() const { return group_.has_value(); }
  const std::string& group() const { return *group_; }
  int replicas() const { return static_cast<int>(replicas_.value_or(0)); }
  const std::string& ca_file() const { return ca_file_; }
  // At which the others reach this process, which listens at `url`.
  std::string advertised_url(const std::string& url) const;

 private:
  std::optional<std::string> group_, advertised_;
  std::optional<int64_t> replicas_;
  std::string ca_file_;
};

}  // namespace omashu::cli
