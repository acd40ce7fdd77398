from . import (
    test_access,
    test_accounting,
    test_agreement,
    test_debt_file,
    test_instalments,
    test_offer,
    test_plan,
    test_queries,
    test_random,
)
