// Locks whose use clang checks: `-Wthread-safety`, which scripts/lint builds with. With g++ the annotations are
// nothing.
//
//   mutable Mutex mutex_;
//   size_t size_ GUARDED_BY(mutex_) = 0;     read and written only while mutex_ is held
//   void grow() REQUIRES(mutex_);            called only while mutex_ is held
//   void flush() EXCLUDES(mutex_);           takes mutex_ itself, so it is never called while it is held
//
// A MutexLock holds a Mutex until the end of its scope; it can be released and taken again before. Condition variables
// are waited for in a loop that asks the condition: a predicate in a lambda would be analysed without the lock.
//
// Attributes: https://clang.llvm.org/docs/ThreadSafetyAnalysis.html

#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

#if defined(__clang__)
#define OMASHU_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define OMASHU_THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(name) OMASHU_THREAD_ATTRIBUTE(capability(name))
#define SCOPED_CAPABILITY OMASHU_THREAD_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(mutex) OMASHU_THREAD_ATTRIBUTE(guarded_by(mutex))
#define REQUIRES(...) OMASHU_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) OMASHU_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) OMASHU_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) OMASHU_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) OMASHU_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define RELEASE_GENERIC(...) OMASHU_THREAD_ATTRIBUTE(release_generic_capability(__VA_ARGS__))

namespace omashu {

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }

 private:
  friend class MutexLock;
  std::mutex mutex_;
};

class SCOPED_CAPABILITY MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) ACQUIRE(mutex) : lock_(mutex.mutex_) {}
  ~MutexLock() RELEASE() = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() RELEASE() { lock_.unlock(); }
  void lock() ACQUIRE() { lock_.lock(); }

 private:
  friend class ConditionVariable;
  std::unique_lock<std::mutex> lock_;
};

class ConditionVariable {
 public:
  void notify_one() { condition_.notify_one(); }
  void notify_all() { condition_.notify_all(); }

  // The lock is released while it waits, and held again when it returns; it may return without having been notified.
  void wait(MutexLock& lock) { condition_.wait(lock.lock_); }

  // Whether the deadline has not passed yet.
  template <class Clock, class Duration>
  bool wait_until(MutexLock& lock, const std::chrono::time_point<Clock, Duration>& deadline) {
    return condition_.wait_until(lock.lock_, deadline) == std::cv_status::no_timeout;
  }

 private:
  std::condition_variable condition_;
};

class CAPABILITY("mutex") SharedMutex {
 public:
  void lock() ACQUIRE() { mutex_.lock(); }
  void unlock() RELEASE() { mutex_.unlock(); }
  void lock_shared() ACQUIRE_SHARED() { mutex_.lock_shared(); }
  void unlock_shared() RELEASE_GENERIC() { mutex_.unlock_shared(); }

 private:
  std::shared_mutex mutex_;
};

class SCOPED_CAPABILITY WriterLock {
 public:
  explicit WriterLock(SharedMutex& mutex) ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~WriterLock() RELEASE() { mutex_.unlock(); }
  WriterLock(const WriterLock&) = delete;
  WriterLock& operator=(const WriterLock&) = delete;

 private:
  SharedMutex& mutex_;
};

class SCOPED_CAPABILITY ReaderLock {
 public:
  explicit ReaderLock(SharedMutex& mutex) ACQUIRE_SHARED(mutex) : mutex_(mutex) { mutex_.lock_shared(); }
  ~ReaderLock() RELEASE_GENERIC() { mutex_.unlock_shared(); }
  ReaderLock(const ReaderLock&) = delete;
  ReaderLock& operator=(const ReaderLock&) = delete;

 private:
  SharedMutex& mutex_;
};

}  // namespace omashu
