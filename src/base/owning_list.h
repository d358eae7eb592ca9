// A list that owns its elements, whose links lie in the elements: nothing in it can fail, and an
// element needs not know which list it's in.
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>

namespace simws {

// What elements derive from.
class ListLink {
 public:
  ListLink() = default;
  ListLink(const ListLink&) = delete;
  ListLink& operator=(const ListLink&) = delete;

 private:
  template <typename Element>
  friend class OwningList;

  void insert_before(ListLink& other) noexcept {
    previous_ = other.previous_;
    next_ = &other;
    previous_->next_ = this;
    other.previous_ = this;
  }
  void leave() noexcept {
    previous_->next_ = next_;
    next_->previous_ = previous_;
  }

  ListLink* previous_ = this;
  ListLink* next_ = this;
};

template <typename Element>
class OwningList {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    using pointer = Element*;
    using reference = Element&;

    Iterator() = default;
    explicit Iterator(ListLink* at) : at_(at) {}
    Element& operator*() const { return static_cast<Element&>(*at_); }
    Element* operator->() const { return &**this; }
    Iterator& operator++() {
      at_ = at_->next_;
      return *this;
    }
    Iterator operator++(int) {
      const Iterator before = *this;
      ++*this;
      return before;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    ListLink* at_ = nullptr;
  };

  OwningList() = default;
  ~OwningList() { clear(); }
  OwningList(const OwningList&) = delete;
  OwningList& operator=(const OwningList&) = delete;

  bool empty() const { return ends_.next_ == &ends_; }
  Element& front() { return *begin(); }
  Iterator begin() { return Iterator(ends_.next_); }
  Iterator end() { return Iterator(&ends_); }

  Element& push_back(std::unique_ptr<Element> element) noexcept {
    element->insert_before(ends_);
    return *element.release();
  }
  // To the end of this one, from the list it's in.
  void take(Element& element) noexcept {
    ListLink& link = element;
    link.leave();
    link.insert_before(ends_);
  }
  // Out of the list it's in.
  static std::unique_ptr<Element> remove(Element& element) noexcept {
    static_cast<ListLink&>(element).leave();
    return std::unique_ptr<Element>(&element);
  }
  // An element is out of the list when it's destroyed.
  void clear() noexcept {
    while (!empty()) {
      const std::unique_ptr<Element> first(&front());
      static_cast<ListLink&>(*first).leave();
    }
  }

 private:
  ListLink ends_;
};

}  // namespace simws
