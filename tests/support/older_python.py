"""What unittest has from Python 3.11 on and the tests use, for Ubuntu 22.04's 3.10. Importing it is all."""
import unittest


def _enter(manager, add_cleanup):
    value = manager.__enter__()
    add_cleanup(manager.__exit__, None, None, None)
    return value


if not hasattr(unittest.TestCase, 'enterContext'):
    unittest.TestCase.enterContext = lambda self, manager: _enter(manager, self.addCleanup)
    unittest.TestCase.enterClassContext = classmethod(lambda cls, manager: _enter(manager, cls.addClassCleanup))
