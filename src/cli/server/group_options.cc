#include "cli/server/group_options.h"

#include <fmt/core.h>

#include "cli/option_parser.h"
#include "net/listen_address.h"
#include "service/group/member_name.h"

namespace omashu::cli {

namespace {

bool is_any_address(std::string_view address) {
  return address.starts_with("0.0.0.0:") || address.starts_with("[::]:") || address.starts_with("*:") ||
         address.starts_with(":");
}

}  // namespace

void GroupOptions::declare(OptionParser& options) {
  options.heading("Several processes");
  options.option("--group", "NAME", group_,
                 "share the partitions of the tables with the processes of this consumer group; each answers for all "
                 "of them");
  options.option("--advertised-http", "HOST:PORT", advertised_,
                 "where the others of the group reach this process (default: where it listens)");
  options.option("--replicas", "N", replicas_,
                 "1: keep copies of the partitions that would be this process's if another one were gone (default 0)");
  options.option("--group-ca-file", "FILE", ca_file_,
                 "who signed the certificates of the others, with --tls-cert (PEM; default: the system's list)");
}

Result<void> GroupOptions::check(std::string_view http_address) const {
  if (!group_) {
    const char* given = advertised_ ? "--advertised-http" : replicas_ ? "--replicas" : nullptr;
    if (given == nullptr && !ca_file_.empty()) given = "--group-ca-file";
    if (given == nullptr) return {};
    return fail(ErrorCode::kInvalidArgument, fmt::format("{} needs --group", given));
  }
  if (group_->empty()) return fail(ErrorCode::kInvalidArgument, "--group: the name of a group is not empty");
  if (replicas_ && (*replicas_ < 0 || *replicas_ > 1)) {
    return fail(ErrorCode::kInvalidArgument, fmt::format("--replicas {}: 0 or 1", *replicas_));
  }
  if (advertised_ && !service::is_member_url("http://" + *advertised_)) {
    return fail(
        ErrorCode::kInvalidArgument,
        fmt::format("--advertised-http {}: HOST:PORT, at which the other processes reach this one", *advertised_));
  }
  if (!advertised_ && is_any_address(http_address)) {
    return fail(ErrorCode::kInvalidArgument,
                fmt::format("--http {}: say with --advertised-http HOST:PORT where the other processes of the group "
                            "reach this one",
                            http_address));
  }
  return {};
}

std::string GroupOptions::advertised_url(const std::string& url) const {
  if (!advertised_) return url;
  return url.substr(0, url.find("://") + 3) + *advertised_;
}

}  // namespace omashu::cli
