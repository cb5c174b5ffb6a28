// The server over TLS, with a certificate that the test makes.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <cstdio>
#include <filesystem>

#include "http/server.h"
#include "http/testing/socket_client.h"

namespace omashu::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::HasSubstr;

class TlsTest : public ::testing::Test {
 protected:
  TlsTest() {
    std::string name = (std::filesystem::temp_directory_path() / "omashu-tls-XXXXXX").string();
    folder_ = mkdtemp(name.data());
    files_ = {.certificate = folder_ / "cert.pem", .key = folder_ / "key.pem"};
    write_certificate();
  }
  ~TlsTest() override { std::filesystem::remove_all(folder_); }

  // Signed by itself, for localhost, for an hour.
  void write_certificate() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME* subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1, -1,
                               0);
    X509_set_issuer_name(certificate, subject);
    X509_sign(certificate, key, EVP_sha256());
    std::FILE* file = std::fopen(files_.certificate.c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen(files_.key.c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }

  std::unique_ptr<Server> start(ServerOptions options = {}) {
    options.tls = files_;
    Router router;
    router.add(Method::kPost, "/echo", Access::kWrite, [](const ExchangePtr& exchange) {
      exchange->answer({.content_type = "text/plain", .body = exchange->request().body});
    });
    router.add(Method::kGet, "/stream", Access::kRead, [](const ExchangePtr& exchange) {
      const auto stream = exchange->begin({.content_type = "text/plain"}, {});
      for (int i = 0; i < 10; ++i) stream->write(std::string(50'000, static_cast<char>('0' + i)));
      stream->end();
    });
    auto server = Server::bind(std::move(options)).value();
    server->serve(std::move(router));
    return server;
  }

  // The whole conversation, until the server closes; or what went wrong.
  std::string ask(const Server& server, const std::string& request, int max_version = TLS1_3_VERSION) {
    asio::io_context io;
    asio::ssl::context context(asio::ssl::context::tls_client);
    SSL_CTX_set_max_proto_version(context.native_handle(), max_version);
    SSL_CTX_set_security_level(context.native_handle(), 0);
    context.load_verify_file(files_.certificate);
    context.set_verify_mode(asio::ssl::verify_peer);
    asio::ssl::stream<tcp::socket> stream(io, context);
    const std::string address = server.address();
    boost::system::error_code error;
    stream.next_layer().connect(
        {asio::ip::make_address("127.0.0.1"), static_cast<uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)))},
        error);
    if (!error) stream.handshake(asio::ssl::stream_base::client, error);
    if (error) return error.message();
    asio::write(stream, asio::buffer(request), error);
    std::string response;
    asio::read(stream, asio::dynamic_buffer(response), error);
    return response;
  }

  std::filesystem::path folder_;
  net::TlsFiles files_;
};

TEST_F(TlsTest, AnswersOverTls) {
  const auto server = start();
  EXPECT_THAT(server->url(), HasSubstr("https://127.0.0.1:"));
  const std::string body(100'000, 'x');
  const std::string response = ask(*server,
                                   "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nabPOST /echo "
                                   "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                   "Content-Length: 100000\r\n\r\n" +
                                       body);
  EXPECT_THAT(response, HasSubstr("\r\n\r\nabHTTP/1.1 200"));
  EXPECT_TRUE(response.ends_with(body));
}

TEST_F(TlsTest, StreamsOverTls) {
  const std::string response = ask(*start(), "GET /stream HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(response.ends_with("c350\r\n" + std::string(50'000, '9') + "\r\n0\r\n\r\n"));
  EXPECT_GT(response.size(), 500'000U);
}

TEST_F(TlsTest, OldProtocolsAreRefused) {
  const auto server = start();
  EXPECT_THAT(ask(*server, "x", TLS1_1_VERSION), HasSubstr("protocol"));
  EXPECT_THAT(ask(*server, "POST /echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", TLS1_2_VERSION),
              HasSubstr(" 200 "));
}

TEST_F(TlsTest, WhoDoesNotShakeHandsIsLeft) {
  ServerOptions options;
  options.request_timeout = std::chrono::milliseconds(50);
  const auto server = start(std::move(options));
  EXPECT_TRUE(testing::SocketClient(server->address()).is_closed());
  testing::SocketClient plain(server->address());
  plain.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
  EXPECT_TRUE(plain.is_closed());
}

TEST_F(TlsTest, AKeyThatDoesNotFitIsNamed) {
  ServerOptions options;
  options.tls = {.certificate = files_.certificate, .key = files_.certificate};
  const auto server = Server::bind(std::move(options));
  ASSERT_FALSE(server.has_value());
  EXPECT_THAT(server.error().message, HasSubstr(files_.certificate));
}

}  // namespace
}  // namespace omashu::http
