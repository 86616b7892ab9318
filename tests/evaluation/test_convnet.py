from model.datasets.digits import Digits
from model.evaluation import convnet
from model.preprocessing.normalize import to_uint8


def test_it_learns_to_read_digits(mnist) -> None:
    images, labels = mnist
    network = convnet.trained(Digits(to_uint8(images[:800]), labels[:800]), epochs=3)
    assert network.count_params() == 34_826  # as the documentation counts them
    answers = convnet.answers(network, images[800:])
    assert answers.shape == (200,)
    assert (answers == labels[800:]).mean() > 0.6
