#include "broker/server/output_queue.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/testing/scratch_folder.h"

namespace omashu::broker {
namespace {

class OutputQueueTest : public testing::Test {
 public:
  OutputQueueTest() {
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sockets_), 0);
    file_ = real_file_system().open(scratch_.path() + "/f", FileSystem::OpenMode::kCreate).value();
    EXPECT_TRUE(file_->write_all(0, content_));
  }
  ~OutputQueueTest() override {
    ::close(sockets_[0]);
    ::close(sockets_[1]);
  }

  FileSlice slice(size_t position, size_t size, std::shared_ptr<const File> file = nullptr) const {
    return {file == nullptr ? file_ : std::move(file), position, static_cast<uint32_t>(size)};
  }

  // An answer of "<" slice "-" slice ">", and what it is on the wire.
  Answer answer(FileSlice first, FileSlice second) {
    expected_ += "<" + content_.substr(first.position, first.size_bytes) + "-" +
                 content_.substr(second.position, second.size_bytes) + ">";
    return {.frame = {.bytes = "<->", .gaps = {{1, first.size_bytes}, {2, second.size_bytes}}},
            .slices = {std::move(first), std::move(second)}};
  }
  // As a Fetch of one partition: the slice comes last.
  Answer answer(FileSlice last) {
    expected_ += "<" + content_.substr(last.position, last.size_bytes);
    return {.frame = {.bytes = "<", .gaps = {{1, last.size_bytes}}}, .slices = {std::move(last)}};
  }
  Answer answer(std::string text) {
    expected_ += text;
    return {.frame = {.bytes = std::move(text), .gaps = {}}, .slices = {}};
  }

  // Sends everything, reading whenever the socket is full.
  void send_all() {
    for (;;) {
      const auto progress = queue_.send_to(sockets_[0]);
      ASSERT_TRUE(progress) << progress.error().message;
      read_some();
      if (*progress == OutputQueue::Progress::kDone) break;
    }
  }
  void read_some() {
    char buffer[65536];
    for (;;) {
      const ssize_t count = ::read(sockets_[1], buffer, sizeof buffer);
      if (count <= 0) return;
      received_.append(buffer, static_cast<size_t>(count));
    }
  }

 protected:
  ScratchFolder scratch_;
  const std::string content_ = [] {
    std::string text(3'000'000, 'x');
    for (size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i / 7 % 26);
    return text;
  }();
  std::shared_ptr<File> file_;
  int sockets_[2] = {};
  OutputQueue queue_;
  std::string expected_;
  std::string received_;
};

TEST_F(OutputQueueTest, SendsAnswersAndSlicesInTheirOrder) {
  queue_.push(answer("first"));
  queue_.push(answer(slice(7, 2'000'000), slice(100, 50)));
  queue_.push(answer(std::string(1'000'000, 'm')));
  for (int i = 0; i < 200; ++i) queue_.push(answer(std::to_string(i)));
  queue_.push(answer(slice(0, 1), slice(2'999'999, 1)));
  queue_.push(answer(slice(5, 5)));
  EXPECT_GT(queue_.memory_bytes(), 1'000'000u);
  send_all();
  EXPECT_EQ(received_, expected_);
  EXPECT_TRUE(queue_.is_empty());
  EXPECT_EQ(queue_.memory_bytes(), 0u);
}

TEST_F(OutputQueueTest, AFullSocketStopsItForNow) {
  queue_.push(answer(std::string(2'000'000, 'm')));
  EXPECT_EQ(queue_.send_to(sockets_[0]).value(), OutputQueue::Progress::kFull);
  send_all();
  EXPECT_EQ(received_, expected_);
}

TEST_F(OutputQueueTest, AFileThatTheKernelDoesNotKnowIsCopied) {
  class Hidden : public File {
   public:
    explicit Hidden(std::shared_ptr<File> file) : file_(std::move(file)) {}
    Result<size_t> read_some(uint64_t position, std::span<char> into) const override {
      return file_->read_some(position, into.first(std::min<size_t>(into.size(), 1000)));
    }
    Result<size_t> write_some(uint64_t, std::string_view) override { return 0; }
    Result<uint64_t> size_bytes() const override { return file_->size_bytes(); }
    Result<void> truncate(uint64_t) override { return {}; }
    Result<void> sync() override { return {}; }
    int native_fd() const override { return -1; }

   private:
    std::shared_ptr<File> file_;
  };
  const auto hidden = std::make_shared<Hidden>(file_);
  queue_.push(answer(slice(3, 1'500'000, hidden), slice(9, 10, hidden)));
  send_all();
  EXPECT_EQ(received_, expected_);
}

TEST_F(OutputQueueTest, AFileThatEndsTooEarlyIsAnError) {
  queue_.push(answer(slice(2'999'990, 10), slice(0, 1)));
  ASSERT_TRUE(file_->truncate(100));
  EXPECT_FALSE(queue_.send_to(sockets_[0]));
}

TEST_F(OutputQueueTest, AClosedConnectionIsAnError) {
  ::close(sockets_[1]);
  queue_.push(answer("x"));
  EXPECT_FALSE(queue_.send_to(sockets_[0]));
}

}  // namespace
}  // namespace omashu::broker
