#include "base/pool.h"

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace fl {
namespace {

using Body = std::function<void(int32_t, int64_t, int64_t)>;

// One call of parallel_for: the chunks still to be taken, and the first exception.
struct Job {
  Job(const Body& body, int64_t count, int64_t grain) : body(body), count(count), grain(grain) {}

  const Body& body;
  const int64_t count, grain;
  std::atomic<int64_t> next{0};
  std::mutex error_mutex;
  std::exception_ptr error;

  void work(int32_t worker) {
    try {
      for (int64_t begin; (begin = next.fetch_add(grain)) < count;) body(worker, begin, std::min(count, begin + grain));
    } catch (...) {
      std::lock_guard<std::mutex> lock(error_mutex);
      if (!error) error = std::current_exception();
      next = count;
    }
  }
};

class Pool {
 public:
  // Runs the job on `threads` threads, the caller's included.
  void run(Job& job, int32_t threads) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      start_workers(threads - 1);
      job_ = &job;
      helpers_ = threads - 1;
      ++generation_;
    }
    wake_.notify_all();
    job.work(0);
    std::unique_lock<std::mutex> lock(mutex_);
    job_ = nullptr;  // nothing is left: who has not woken up by now need not, and is not waited for
    done_.wait(lock, [this] { return working_ == 0; });
  }

  std::mutex& in_use() { return in_use_; }

 private:
  // Where the system starts no more threads, those that there are do the work.
  void start_workers(int32_t wanted) {
    try {
      while (static_cast<int32_t>(workers_.size()) < wanted)
        workers_.emplace_back(&Pool::loop, this, static_cast<int32_t>(workers_.size()) + 1, generation_);
    } catch (const std::system_error&) {
    } catch (const std::bad_alloc&) {
    }
  }

  void loop(int32_t worker, uint64_t seen) {
    std::unique_lock<std::mutex> lock(mutex_);
    for (;;) {
      wake_.wait(lock, [&] { return generation_ != seen; });
      seen = generation_;
      if (worker > helpers_ || !job_) continue;
      Job* job = job_;
      ++working_;
      lock.unlock();
      job->work(worker);
      lock.lock();
      if (--working_ == 0) done_.notify_one();
    }
  }

  std::mutex in_use_, mutex_;
  std::condition_variable wake_, done_;
  std::vector<std::thread> workers_;
  Job* job_ = nullptr;
  int32_t helpers_ = 0, working_ = 0;
  uint64_t generation_ = 0;
};

// The pool of this process, made when first needed. It is never destroyed: its threads sleep until the process ends.
std::atomic<Pool*> current{nullptr};

Pool& process_pool() {
  Pool* pool = current.load();
  if (!pool) {
    auto made = std::make_unique<Pool>();  // which has no thread yet
    if (current.compare_exchange_strong(pool, made.get())) pool = made.release();
  }
  return *pool;
}

// A forked child has none of the parent's threads, and perhaps a mutex that one of them held: it takes a new pool.
const int forgets_when_forked = pthread_atfork(nullptr, nullptr, [] { current = nullptr; });

thread_local bool inside = false;

}  // namespace

void parallel_for(int32_t threads, int64_t count, int64_t grain, const Body& body) {
  Job job(body, count, std::max<int64_t>(grain, 1));
  const int64_t chunks = (count + job.grain - 1) / job.grain;
  threads = static_cast<int32_t>(std::min<int64_t>(threads, chunks));
  Pool* pool = threads > 1 && !inside ? &process_pool() : nullptr;
  std::unique_lock<std::mutex> claim;
  if (pool) claim = std::unique_lock<std::mutex>(pool->in_use(), std::try_to_lock);
  if (claim.owns_lock()) {
    const Body nested = [&](int32_t worker, int64_t begin, int64_t end) {
      inside = true;
      struct Leave {
        ~Leave() { inside = false; }
      } leave;
      body(worker, begin, end);
    };
    Job shared(nested, count, job.grain);
    pool->run(shared, threads);
    if (shared.error) std::rethrow_exception(shared.error);
    return;
  }
  job.work(0);
  if (job.error) std::rethrow_exception(job.error);
}

}  // namespace fl
