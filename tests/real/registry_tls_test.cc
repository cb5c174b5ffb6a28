// The registry client over TLS, against OpenSSL's own server, which answers each path with the file of that name.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "real/support/free_port.h"
#include "real/support/process.h"
#include "real/support/readiness.h"
#include "real/support/run_command.h"
#include "real/support/scratch_folder.h"
#include "schema_registry/client/client.h"

namespace omashu::real {
namespace {

using namespace std::chrono_literals;
using schema_registry::Client;
using schema_registry::ClientOptions;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

// An authority, and what it signed: a server for localhost, and a client whose key has a password.
constexpr const char* kMakeCertificates = R"(
  set -e
  openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=test authority" -keyout ca-key.pem -out ca.pem
  printf 'subjectAltName=DNS:localhost' > names
  openssl req -newkey rsa:2048 -nodes -subj "/CN=localhost" -keyout server-key.pem -out server.csr
  openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -extfile names -out server.pem
  openssl req -newkey rsa:2048 -passout pass:opensesame -subj "/CN=client" -keyout client-key.pem -out client.csr
  openssl x509 -req -in client.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -days 2 -out client.pem
  printf 'HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n["over-tls"]' > subjects
)";

class RegistryTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const CommandResult made = run_command({"bash", "-c", "cd " + folder() + kMakeCertificates});
    ASSERT_EQ(made.exit_code, 0) << ::testing::PrintToString(made);
  }

  void start_server(const std::string& more_flags = "") {
    port_ = free_port();
    auto server =
        Process::start({.command = {"bash", "-c",
                                    "cd " + folder() + " && exec openssl s_server -HTTP -cert server.pem -key " +
                                        "server-key.pem -accept 127.0.0.1:" + std::to_string(port_) + " " + more_flags},
                        .stdout_file = folder_.path() / "server.log"});
    ASSERT_TRUE(server) << server.error().message;
    server_ = std::move(*server);
    const auto ready =
        wait_until_ready_or_dead("openssl s_server", *server_, [this] { return accepts_connections(port_); });
    ASSERT_TRUE(ready) << ready.error().message;
  }

  ClientOptions options(const std::string& host = "localhost") const {
    ClientOptions options;
    options.urls = {"https://" + host + ":" + std::to_string(port_)};
    options.ca_file = file("ca.pem");
    return options;
  }

  static Result<std::vector<std::string>> subjects(const ClientOptions& options) {
    return Client::open(options).value()->subjects();
  }

  std::string folder() const { return folder_.path(); }
  std::string file(const char* name) const { return folder_.path() / name; }

  ScratchFolder folder_;
  int port_ = 0;
  std::unique_ptr<Process> server_;
};

TEST_F(RegistryTlsTest, AServerThatTheAuthoritySignedIsTrusted) {
  start_server();
  const auto found = subjects(options());
  ASSERT_TRUE(found.has_value()) << found.error().message;
  EXPECT_THAT(*found, ElementsAre("over-tls"));
}

TEST_F(RegistryTlsTest, AnUnknownAuthorityOrAnotherNameIsRefusedAtOnce) {
  start_server();
  ClientOptions unknown = options();
  unknown.ca_file.clear();
  const Error error = subjects(unknown).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_THAT(error.message, HasSubstr("GET https://localhost:" + std::to_string(port_) + "/subjects: SSL"));
  EXPECT_THAT(error.message, HasSubstr("(PEM) with schema.registry.ssl.ca.location"));
  unknown.ca_file = file("none.pem");
  EXPECT_THAT(subjects(unknown).error().message,
              HasSubstr("schema.registry.ssl.ca.location must be a readable file of PEM"));
  EXPECT_THAT(subjects(options("127.0.0.1")).error().message,
              HasSubstr("the certificate is for another name: address the registry by one that stands in it"));
}

TEST_F(RegistryTlsTest, AClientShowsItsCertificateWhereTheServerAsks) {
  start_server("-Verify 1 -verify_return_error -CAfile ca.pem");
  const Error refused = subjects(options()).error();
  EXPECT_EQ(refused.code, ErrorCode::kUnavailable) << "told at once, not after the timeout";
  EXPECT_THAT(refused.message,
              AllOf(HasSubstr("certificate required"), HasSubstr("give schema.registry.ssl.certificate.location")));
  ClientOptions known = options();
  known.certificate_file = file("client.pem");
  known.key_file = file("client-key.pem");
  known.key_password = "opensesame";
  const auto found = subjects(known);
  ASSERT_TRUE(found.has_value()) << found.error().message;
  known.key_password = "wrong";
  const Error error = subjects(known).error();
  EXPECT_EQ(error.code, ErrorCode::kUnavailable);
  EXPECT_EQ(error.message.find("wrong"), std::string::npos) << error.message;
}

}  // namespace
}  // namespace omashu::real
