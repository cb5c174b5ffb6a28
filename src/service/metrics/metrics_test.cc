#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/metrics/process_metrics.h"
#include "service/metrics/request_metrics.h"

namespace omashu::service {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Metrics, LabelsAreEscaped) {
  MetricText text;
  text.family("up", MetricText::Kind::kGauge, "Whether.");
  text.sample({{"a", "x\"y\\z\n"}, {"b", ""}}, uint64_t{1});
  text.sample({}, 0.5, "_sum");
  EXPECT_EQ(text.take(), "# HELP up Whether.\n# TYPE up gauge\nup{a=\"x\\\"y\\\\z\\n\",b=\"\"} 1\nup_sum 0.5\n");
}

TEST(Metrics, RequestsAreCountedByRouteAndStatus) {
  RequestMetrics metrics;
  metrics.declare({{.pattern = "/v1/tables/{table}", .id = "getTable"}, {.pattern = "/healthz", .id = "getHealth"}});
  metrics.add(http::Method::kGet, "/v1/tables/{table}", 200, 300us);
  metrics.add(http::Method::kHead, "/v1/tables/{table}", 200, 20s);
  metrics.add(http::Method::kGet, "/v1/tables/{table}", 404, 50us);
  metrics.add(http::Method::kGet, "", 404, 50us);
  metrics.add(http::Method::kPut, "/v1/tables/{table}", 405, 50us);
  MetricText text;
  metrics.write(text);
  const std::string written = text.take();
  EXPECT_THAT(written,
              AllOf(HasSubstr(R"(omashu_http_requests_total{route="/v1/tables/{table}",method="GET",status="200"} 2)"),
                    HasSubstr(R"(omashu_http_requests_total{route="/v1/tables/{table}",method="GET",status="404"} 1)"),
                    HasSubstr(R"(omashu_http_requests_total{route="other",method="other",status="404"} 1)"),
                    HasSubstr(R"(duration_seconds_bucket{route="/v1/tables/{table}",method="GET",le="0.0001"} 1)"),
                    HasSubstr(R"(duration_seconds_bucket{route="/v1/tables/{table}",method="GET",le="0.0005"} 2)"),
                    HasSubstr(R"(duration_seconds_bucket{route="/v1/tables/{table}",method="GET",le="5"} 2)"),
                    HasSubstr(R"(duration_seconds_bucket{route="/v1/tables/{table}",method="GET",le="+Inf"} 3)"),
                    HasSubstr(R"(duration_seconds_count{route="/v1/tables/{table}",method="GET"} 3)"),
                    Not(HasSubstr("healthz"))));
}

TEST(Metrics, TheProcessUsesSomething) {
  MetricText text;
  write_process_metrics(text);
  const std::string written = text.take();
  EXPECT_THAT(written, HasSubstr("process_resident_memory_bytes "));
  EXPECT_THAT(written, Not(HasSubstr("process_resident_memory_bytes 0\n")));
  EXPECT_THAT(written, Not(HasSubstr("process_open_fds 0\n")));
}

}  // namespace
}  // namespace omashu::service
