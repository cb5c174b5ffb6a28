#include "http/streamed_answer.h"

#include <memory>
#include <utility>

#include "base/mutex.h"

namespace omashu::http {

namespace {

// After so many pieces others get their turn on the executor.
constexpr int kPiecesAtOnce = 16;

class StreamedAnswer : public std::enable_shared_from_this<StreamedAnswer> {
 public:
  StreamedAnswer(Executor& executor, NextPiece next) : executor_(executor), next_(std::move(next)) {}

  void begin(Exchange& exchange, Response head) {
    StreamListener listener;
    listener.on_drained = [self = shared_from_this()] { self->on_drained(); };
    stream_ = exchange.begin(std::move(head), std::move(listener));
    post();
  }

 private:
  enum class State : uint8_t {
    kMaking,   // a task is posted, or runs
    kDrained,  // so it is, and what made it pause is over already
    kWaiting,  // for on_drained
  };

  void post() {
    executor_.post([self = shared_from_this()] { self->make(); });
  }

  void make() {
    for (int i = 0; i < kPiecesAtOnce; ++i) {
      Result<std::optional<std::string>> piece = next_();
      if (!piece) return stream_->cut();
      if (!*piece) return stream_->end();
      if (stream_->write(**std::move(piece))) continue;
      if (!stream_->is_open()) return;
      if (may_pause()) return;
    }
    post();
  }

  bool may_pause() EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    const bool is_drained = state_ == State::kDrained;
    state_ = is_drained ? State::kMaking : State::kWaiting;
    return !is_drained;
  }

  void on_drained() EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      if (state_ != State::kWaiting) {
        state_ = State::kDrained;
        return;
      }
      state_ = State::kMaking;
    }
    post();
  }

  Executor& executor_;
  const NextPiece next_;
  std::shared_ptr<ResponseStream> stream_;
  Mutex mutex_;
  State state_ GUARDED_BY(mutex_) = State::kMaking;
};

}  // namespace

void answer_in_pieces(const ExchangePtr& exchange, Response head, Executor& executor, NextPiece next) {
  std::make_shared<StreamedAnswer>(executor, std::move(next))->begin(*exchange, std::move(head));
}

}  // namespace omashu::http
